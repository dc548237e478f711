// SPDX-License-Identifier: MulanPSL-2.0
// From the office's own spreadsheet to the flat CSV the server imports: which column is which field, and the text of the
// file. Values are carried over as written; the server judges them.
import { typedDate } from '@/dates'

export type CellValue = string | number | boolean | Date | null
export interface Target { name: string; zh: string; en: string; aliases: string[]; date?: boolean }

// The columns of the import, in its own order; the aliases are what offices write above them.
export const TARGETS: Target[] = [
  { name: 'org', zh: '单位代码', en: 'Organisation', aliases: ['单位代码', 'org'] },
  { name: 'external_ref', zh: '来源编号', en: 'External ref', aliases: ['来源编号', '外部编号', 'external_ref'] },
  { name: 'number', zh: '登记编号', en: 'Number', aliases: ['登记编号', 'number'] },
  { name: 'legacy_number', zh: '原编号', en: 'Old number', aliases: ['原编号', '编号', '序号', '申请编号', '受理编号'] },
  { name: 'channel', zh: '渠道', en: 'Channel', aliases: ['渠道', '申请方式', '申请渠道', '提交方式'] },
  { name: 'via', zh: '方式', en: 'Way', aliases: ['方式', 'via'] },
  { name: 'applicant_kind', zh: '申请人类别', en: 'Kind of applicant', aliases: ['申请人类别', '申请人类型', '类别', '申请人性质'] },
  { name: 'applicant_name', zh: '申请人', en: 'Applicant', aliases: ['申请人', '申请人姓名', '姓名', '姓名或名称', '申请人名称'] },
  { name: 'id_number', zh: '证件号', en: 'Document no.', aliases: ['证件号', '身份证号', '证件号码', '身份证号码'] },
  { name: 'phone', zh: '电话', en: 'Phone', aliases: ['电话', '联系电话', '手机', '联系方式'] },
  { name: 'address', zh: '地址', en: 'Address', aliases: ['地址', '通信地址', '联系地址', '通讯地址'] },
  { name: 'description', zh: '所需信息', en: 'Information wanted', aliases: ['所需信息', '申请内容', '申请信息', '内容', '申请公开内容', '所需信息内容', '申请事项'] },
  { name: 'subject', zh: '主题', en: 'Subject', aliases: ['主题', '主题分类'] },
  { name: 'arrived_on', zh: '到件日期', en: 'Arrived on', aliases: ['到件日期', '收件日期', '申请日期', '提交日期', '申请时间'], date: true },
  { name: 'signed_on', zh: '签收日期', en: 'Signed on', aliases: ['签收日期', '签收时间'], date: true },
  { name: 'confirmed_on', zh: '确认日期', en: 'Confirmed on', aliases: ['确认日期', '确认时间'], date: true },
  { name: 'receipt_date', zh: '收到之日', en: 'Receipt date', aliases: ['收到之日', '收到日期', '受理日期', '受理时间', '收到时间'], date: true },
  { name: 'corrected_on', zh: '补正日期', en: 'Corrected on', aliases: ['补正日期', '补正时间'], date: true },
  { name: 'extension_workdays', zh: '延期工作日', en: 'Extension', aliases: ['延期工作日', '延期天数', '延长工作日'] },
  { name: 'outcome', zh: '办理结果代码', en: 'Outcome', aliases: ['办理结果代码', 'outcome'] },
  { name: 'outcome_label', zh: '办理结果', en: 'Outcome label', aliases: ['办理结果', '答复类型', '答复结果', '处理结果', '答复情况'] },
  { name: 'outcome_reason', zh: '理由', en: 'Reason', aliases: ['理由', '答复理由', '不公开理由'] },
  { name: 'decided_on', zh: '决定日期', en: 'Decided on', aliases: ['决定日期'], date: true },
  { name: 'replied_on', zh: '答复日期', en: 'Replied on', aliases: ['答复日期', '答复时间', '办结日期', '办结时间'], date: true },
  { name: 'replied_by', zh: '送达方式', en: 'Served by', aliases: ['送达方式', '答复方式'] },
  { name: 'withdrawn_on', zh: '撤回日期', en: 'Withdrawn on', aliases: ['撤回日期', '撤回时间'], date: true },
  { name: 'assignee', zh: '承办人', en: 'Handler', aliases: ['承办人', '经办人', '办理人'] },
]
export const NEEDED = ['channel', 'applicant_name', 'description']

export interface Mapping { column: number | null; fixed: string }

const plain = (s: string) => s.replace(/[\s（）()：:*＊]/g, '').toLowerCase()

export function guess(heads: string[]): Record<string, Mapping> {
  const taken = new Set<number>()
  const result: Record<string, Mapping> = {}
  for (const target of TARGETS) {
    const at = heads.findIndex((h, i) => !taken.has(i) && [target.name, ...target.aliases].some((a) => plain(a) === plain(h)))
    if (at >= 0) taken.add(at)
    result[target.name] = { column: at >= 0 ? at : null, fixed: '' }
  }
  return result
}

// What offices write in a cell, and the code it means. A word that is not here goes to the server as it is.
const WORDS: Record<string, Record<string, string>> = {
  channel: { 当面: 'in_person', 现场: 'in_person', 窗口: 'in_person', 网络: 'online', 网上: 'online', 网站: 'online', 电子邮件: 'online', 邮件: 'online', 信函: 'letter', 邮寄: 'letter', 书信: 'letter', 传真: 'fax' },
  applicant_kind: { 自然人: 'natural', 公民: 'natural', 个人: 'natural', 商业企业: 'business', 企业: 'business', 科研机构: 'research', 社会公益组织: 'public_interest', 法律服务机构: 'legal_service', 其他: 'other_org' },
  replied_by: { 邮寄: 'post', 邮政: 'post', 当面: 'signature', 签收: 'signature', 电子: 'electronic', 网络: 'electronic', 电子邮件: 'electronic' },
}

export function cellText(value: CellValue | undefined, target: Target): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10)
  const text = String(value).trim()
  if (target.date) return typedDate(text.split(/[ T]/)[0] ?? '', 0)
  return WORDS[target.name]?.[text] ?? text
}

const quoted = (s: string) => (/[",\r\n]/.test(s) ? `"${s.replace(/"/g, '""')}"` : s)

/** The CSV, and for each of its lines the row of the file it came from. */
export function toCsv(rows: CellValue[][], mapping: Record<string, Mapping>, firstRow: number): { csv: string; rowOf: number[] } {
  const used = TARGETS.filter((t) => mapping[t.name] && (mapping[t.name]!.column !== null || mapping[t.name]!.fixed !== ''))
  const lines = [used.map((t) => t.name).join(',')]
  const rowOf = [firstRow - 1]
  rows.forEach((row, i) => {
    if (row.every((c) => c === null || String(c).trim() === '')) return
    lines.push(used.map((t) => {
      const { column, fixed } = mapping[t.name]!
      return quoted((column !== null ? cellText(row[column], t) : '') || fixed)
    }).join(','))
    rowOf.push(firstRow + i)
  })
  return { csv: `${lines.join('\r\n')}\r\n`, rowOf }
}
