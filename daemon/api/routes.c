/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/routes: the API on one screen. Who may is a column, so no handler can forget it; scope is
 * in every statement. */
#include "api/routes.h"

#include "api/steps.h"
#include "domain/permission.h"

#define JSON ROUTE_JSON
#define KEY (ROUTE_JSON | ROUTE_IDEMPOTENT)
#define ASK ROUTE_QUERY
#define OPEN ROUTE_OPEN
#define QUIET (ROUTE_OPEN | ROUTE_HIDDEN)
#define SLOW ROUTE_SLOW
#define PAGE ROUTE_PAGE
#define STREAM ROUTE_STREAM
#define MATCH ROUTE_IF_MATCH
/* events decide by kind and case, so any role may ask */
#define ANY OGI_ANY_ROLE

/* clang-format off */
const struct route api_routes[] = {
	/* method       path                                  who may          steps                          flags           answers */
	{ METHOD_POST,   "/v1/sessions",                       0,               session_open_steps,            OPEN | JSON,    "201 token, expiry and user" },
	{ METHOD_DELETE, "/v1/sessions/current",               0,               session_close_steps,           0,              "204" },
	{ METHOD_GET,    "/v1/me",                             0,               me_steps,                      0,              "200 the user" },
	{ METHOD_POST,   "/v1/me/password",                    0,               me_password_steps,             JSON,           "204" },

	{ METHOD_POST,   "/v1/cases",                          OGI_REGISTERS,   case_register_steps,           KEY,            "201 the new case" },
	{ METHOD_GET,    "/v1/cases",                          ANY,             case_list_steps,               ASK,            "200 a page of cases" },
	{ METHOD_GET,    "/v1/cases.csv",                      ANY,             case_export_steps,             ASK | SLOW,     "200 all that is filtered, as CSV" },
	{ METHOD_GET,    "/v1/cases.xlsx",                     ANY,             case_export_steps,             ASK | SLOW,     "200 the same as a spreadsheet" },
	{ METHOD_POST,   "/v1/cases/assign",                   OGI_ASSIGNS,     case_assign_steps,             KEY,            "200 the cases assigned" },
	{ METHOD_GET,    "/v1/cases/similar",                  OGI_REGISTERS,   similar_steps,                 ASK | SLOW,     "200 what is there already" },
	{ METHOD_GET,    "/v1/cases/{id}",                     ANY,             case_steps,                    ASK,            "200 the case" },
	{ METHOD_POST,   "/v1/cases/{id}/events",              ANY,             event_add_steps,               KEY | ASK | MATCH, "201 the case after it" },
	{ METHOD_GET,    "/v1/cases/{id}/events",              ANY,             event_list_steps,              0,              "200 what happened" },
	{ METHOD_GET,    "/v1/cases/{id}/why",                 ANY,             case_why_steps,                ASK,            "200 the due date, day by day" },
	{ METHOD_GET,    "/v1/cases/{id}/attachments",         ANY,             attachment_list_steps,         0,              "200 the files of the case" },
	{ METHOD_POST,   "/v1/cases/{id}/attachments",         OGI_HANDLES,     attachment_add_steps,          STREAM | ASK | ROUTE_IDEMPOTENT, "201 the file" },
	{ METHOD_GET,    "/v1/cases/{id}/attachments/{n}",     OGI_READS_FILES, attachment_steps,              0,              "200 its bytes, 206 some" },
	{ METHOD_GET,    "/v1/stream",                         ANY,             stream_steps,                  0,              "200 changes as they come" },
	{ METHOD_GET,    "/v1/cases/{id}/documents",           ANY,             document_list_steps,           0,              "200 the papers of the case" },
	{ METHOD_GET,    "/v1/cases/{id}/documents/{kind}.html", ANY,           document_steps,                ASK,            "200 the page, to print" },
	{ METHOD_POST,   "/v1/deadline",                       ANY,             deadline_steps,                JSON,           "200 receipt date, due date, clock" },

	{ METHOD_GET,    "/v1/workload",                       ANY,             workload_steps,                ASK | SLOW,     "200 what falls due when, for whom" },

	{ METHOD_GET,    "/v1/vocabulary",                     ANY,             vocabulary_steps,              0,              "200 all code lists" },
	{ METHOD_GET,    "/v1/calendar/{year}",                ANY,             calendar_steps,                ASK,            "200 the days of a year" },
	{ METHOD_POST,   "/v1/calendar/notices",               OGI_ADMINISTERS, notice_steps,                  KEY | ASK,      "201 what moved, 202 a job, 200 a preview" },
	{ METHOD_GET,    "/v1/jobs/{id}",                      OGI_ADMINISTERS, job_steps,                     0,              "200 how far it is" },

	{ METHOD_GET,    "/v1/disclosures",                    ANY,             disclosure_list_steps,         ASK,            "200 a page of items" },
	{ METHOD_POST,   "/v1/disclosures",                    OGI_PUBLISHES,   disclosure_add_steps,          KEY,            "201 the new item" },
	{ METHOD_POST,   "/v1/disclosures/import",             OGI_PUBLISHES | OGI_IMPORTS, disclosure_import_steps, STREAM | ASK, "200 what was stored" },
	{ METHOD_GET,    "/v1/disclosures/{id}",               ANY,             disclosure_steps,              0,              "200 the item" },
	{ METHOD_POST,   "/v1/disclosures/{id}/publications",  OGI_PUBLISHES,   disclosure_publication_steps,  KEY,            "201 the item" },
	{ METHOD_PUT,    "/v1/disclosures/{id}/validity",      OGI_PUBLISHES,   disclosure_validity_steps,     JSON,           "200 the item" },
	{ METHOD_POST,   "/v1/disclosures/{id}/reviews",       OGI_REVIEWER,    disclosure_review_steps,       KEY,            "201 the item" },

	{ METHOD_GET,    "/v1/registers",                      ANY,             register_kinds_steps,          0,              "200 which registers there are" },
	{ METHOD_GET,    "/v1/registers/{kind}",               ANY,             register_list_steps,           ASK,            "200 a page of entries" },
	{ METHOD_POST,   "/v1/registers/{kind}",               OGI_KEEPS,       register_add_steps,            KEY,            "201 the new entry" },
	{ METHOD_GET,    "/v1/registers/{kind}/{id}",          ANY,             register_entry_steps,          0,              "200 the entry with its history" },
	{ METHOD_PUT,    "/v1/registers/{kind}/{id}",          OGI_KEEPS,       register_change_steps,         JSON | MATCH,   "200 its new version" },
	{ METHOD_DELETE, "/v1/registers/{kind}/{id}",          OGI_KEEPS,       register_change_steps,         MATCH,          "200 the entry, taken back" },
	{ METHOD_POST,   "/v1/registers/{kind}/{id}/retract",  OGI_KEEPS,       register_change_steps,         KEY | MATCH,    "200 the entry, taken back with a reason" },

	{ METHOD_POST,   "/v1/imports",                        OGI_IMPORTS,     import_steps,                  STREAM | ASK,   "200 what was stored" },
	{ METHOD_GET,    "/v1/exports",                        OGI_IMPORTS,     export_steps,                  ASK,            "200 the ledger as JSON Lines" },

	{ METHOD_GET,    "/v1/statistics/{form}/{year}",       OGI_COUNTS,      statistics_steps,              ASK | SLOW,     "200 the official form" },
	{ METHOD_GET,    "/v1/statistics/{form}/{year}/cells/{key}/{column}", OGI_COUNTS, statistics_cell_steps, ASK | SLOW, "200 what stands behind one cell" },
	{ METHOD_POST,   "/v1/statistics/{form}/{year}/freeze", OGI_FREEZES,     statistics_freeze_steps,       ROUTE_IDEMPOTENT | ASK | SLOW, "201 the year as it is frozen" },
	{ METHOD_GET,    "/v1/statistics/{form}/{year}/corrections", OGI_COUNTS, statistics_corrections_steps,  ASK | SLOW,     "200 what is printed, what is so now" },

	{ METHOD_GET,    "/v1/reports/{year}",                 OGI_COUNTS,      report_steps,                  ASK | SLOW,     "200 the annual report" },
	{ METHOD_GET,    "/v1/reports/{year}/findings",        OGI_COUNTS,      report_findings_steps,         ASK | SLOW,     "200 what in it does not agree" },
	{ METHOD_PUT,    "/v1/reports/{year}/sections/{n}",    OGI_REPORTS,     report_section_steps,          JSON,           "200 the section" },

	{ METHOD_GET,    "/v1/orgs",                           ANY,             org_list_steps,                0,              "200 organisations of the subtree" },
	{ METHOD_POST,   "/v1/orgs",                           OGI_ADMINISTERS, org_add_steps,                 KEY,            "201 the organisation" },
	{ METHOD_GET,    "/v1/users",                          ANY,             user_list_steps,               ASK,            "200 people of the subtree" },
	{ METHOD_POST,   "/v1/users",                          OGI_ADMINISTERS, user_add_steps,                KEY,            "201 the user" },
	{ METHOD_POST,   "/v1/users/{login}/unlock",           OGI_ADMINISTERS, user_unlock_steps,             ROUTE_IDEMPOTENT, "200 the user" },
	{ METHOD_POST,   "/v1/users/{login}/disable",          OGI_ADMINISTERS, user_disable_steps,            ROUTE_IDEMPOTENT, "200 the user" },
	{ METHOD_POST,   "/v1/users/{login}/enable",           OGI_ADMINISTERS, user_enable_steps,             ROUTE_IDEMPOTENT, "200 the user" },
	{ METHOD_PUT,    "/v1/users/{login}/email",            OGI_ADMINISTERS, user_email_steps,              JSON,           "200 the user" },
	{ METHOD_PUT,    "/v1/users/{login}/roles",            OGI_ADMINISTERS, user_roles_steps,              JSON,           "200 the user" },
	{ METHOD_GET,    "/v1/settings",                       ANY,             setting_list_steps,            ASK,            "200 what an organisation has set" },
	{ METHOD_PUT,    "/v1/settings",                       OGI_ADMINISTERS, setting_add_steps,             JSON,           "200 its settings" },
	{ METHOD_POST,   "/v1/settings",                       OGI_ADMINISTERS, setting_add_steps,             KEY,            "201 its settings" },
	{ METHOD_GET,    "/v1/templates",                      ANY,             template_list_steps,           ASK,            "200 templates of letters" },
	{ METHOD_GET,    "/v1/templates/{name}",               ANY,             template_steps,                ASK,            "200 one with its versions" },
	{ METHOD_PUT,    "/v1/templates/{name}",               OGI_ADMINISTERS, template_set_steps,            JSON | ASK,     "200 the new version" },
	{ METHOD_GET,    "/v1/audit",                          OGI_AUDITS,      audit_steps,                   ASK | SLOW,     "200 who did what" },

	{ METHOD_GET,    "/portal",                            0,               portal_door_steps,             OPEN | PAGE,    "303 its pages" },
	{ METHOD_GET,    "/portal/",                           0,               portal_home_steps,             OPEN | PAGE | ASK, "200 what one can do here" },
	{ METHOD_GET,    "/portal/portal.css",                 0,               portal_style_steps,            OPEN | PAGE,    "200 how it looks" },
	{ METHOD_GET,    "/portal/apply",                      0,               portal_apply_steps,            OPEN | PAGE | ASK, "200 the form" },
	{ METHOD_POST,   "/portal/apply",                      0,               portal_submit_steps,           OPEN | PAGE | STREAM, "201 number, dates and query code" },
	{ METHOD_GET,    "/portal/status",                     0,               portal_status_steps,           OPEN | PAGE | ASK, "200 the form" },
	{ METHOD_POST,   "/portal/status",                     0,               portal_act_steps,              OPEN | PAGE | STREAM, "200 how far it is" },
	{ METHOD_POST,   "/portal/v1/requests",                0,               portal_send_steps,             OPEN | KEY,     "201 number, dates and query code" },
	{ METHOD_POST,   "/portal/v1/requests/status",         0,               portal_look_steps,             OPEN | JSON,    "200 how far it is" },
	{ METHOD_POST,   "/portal/v1/requests/correction",     0,               portal_correct_steps,          OPEN | KEY,     "201 how far it is then" },
	{ METHOD_POST,   "/portal/v1/requests/withdrawal",     0,               portal_withdraw_steps,         OPEN | KEY,     "201 how far it is then" },

	{ METHOD_GET,    "/healthz",                           0,               healthz_steps,                 QUIET,          "200 alive" },
	{ METHOD_GET,    "/readyz",                            0,               readyz_steps,                  QUIET,          "200 ready, 503 not" },
	{ METHOD_GET,    "/metrics",                           0,               metrics_steps,                 QUIET,          "200 Prometheus text" },
	{ METHOD_GET,    "/openapi.json",                      0,               openapi_steps,                 OPEN,           "200 this API" },
	{ METHOD_GET,    NULL,                                 0,               NULL,                          0,              NULL },
};
/* clang-format on */
