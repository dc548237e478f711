// SPDX-License-Identifier: MulanPSL-2.0
// A file on its way up, with how much of it has gone. fetch does not tell that, so XMLHttpRequest does.
import { newKey } from './client'
import { Problem, Unreachable } from './problem'

export interface Upload<T> {
  done: Promise<T>
  cancel: () => void
}

export function upload<T>(path: string, file: Blob, language: string, on: (sent: number, total: number) => void, type?: string): Upload<T> {
  const request = new XMLHttpRequest()
  const done = new Promise<T>((resolve, reject) => {
    request.upload.onprogress = (e) => on(e.loaded, e.lengthComputable ? e.total : file.size)
    request.onerror = () => reject(new Unreachable('upload'))
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    request.onload = () => {
      let body: unknown = null
      try {
        body = JSON.parse(request.responseText)
      } catch {
        body = {}
      }
      if (request.status >= 200 && request.status < 300) resolve(body as T)
      else reject(new Problem(request.status, body as Record<string, unknown>, 0))
    }
  })
  request.open('POST', path)
  request.setRequestHeader('Content-Type', type || file.type || 'application/octet-stream')
  request.setRequestHeader('Accept-Language', language)
  request.setRequestHeader('Idempotency-Key', newKey())
  request.send(file)
  return { done, cancel: () => request.abort() }
}
