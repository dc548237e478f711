/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/steps: the steps of every route, one line each; api/routes.c gathers them. */
#ifndef OGID_API_STEPS_H
#define OGID_API_STEPS_H

#include "web/exchange.h"

/* sessions.c, me.c */
extern step_fn *const session_open_steps[];  /* POST /v1/sessions; ROUTE_OPEN | ROUTE_JSON */
extern step_fn *const session_close_steps[]; /* DELETE /v1/sessions/current */
extern step_fn *const me_steps[];            /* GET /v1/me */
extern step_fn *const me_password_steps[];   /* POST /v1/me/password; ROUTE_JSON */
/* orgs.c, users.c, audit.c: admin, in the subtree */
extern step_fn *const org_list_steps[];      /* GET /v1/orgs */
extern step_fn *const org_add_steps[];       /* POST /v1/orgs; ROUTE_JSON | ROUTE_IDEMPOTENT */
extern step_fn *const user_list_steps[];     /* GET /v1/users; ROUTE_QUERY */
extern step_fn *const user_add_steps[];      /* POST /v1/users; ROUTE_JSON | ROUTE_IDEMPOTENT */
extern step_fn *const user_unlock_steps[];   /* POST /v1/users/{login}/unlock */
extern step_fn *const user_roles_steps[];    /* PUT /v1/users/{login}/roles; ROUTE_JSON */
extern step_fn *const user_disable_steps[];  /* POST /v1/users/{login}/disable */
extern step_fn *const user_email_steps[];    /* PUT /v1/users/{login}/email; ROUTE_JSON */
extern step_fn *const user_enable_steps[];   /* POST /v1/users/{login}/enable */
extern step_fn *const setting_list_steps[];  /* GET /v1/settings; ROUTE_QUERY */
extern step_fn *const setting_add_steps[];   /* PUT, POST /v1/settings; ROUTE_JSON */
extern step_fn *const template_list_steps[]; /* GET /v1/templates; ROUTE_QUERY */
extern step_fn *const template_steps[];      /* GET /v1/templates/{name}; ROUTE_QUERY */
extern step_fn *const template_set_steps[];  /* PUT /v1/templates/{name}; ROUTE_JSON */
extern step_fn *const audit_steps[];         /* GET /v1/audit; ROUTE_QUERY */
/* calendar.c, notices.c, jobs.c, vocabulary.c, statistics.c */
extern step_fn *const calendar_steps[];   /* GET /v1/calendar/{year}; ROUTE_QUERY */
extern step_fn *const notice_steps[];     /* POST /v1/calendar/notices; ROUTE_JSON |
					     ROUTE_IDEMPOTENT | ROUTE_QUERY */
extern step_fn *const job_steps[];        /* GET /v1/jobs/{id} */
extern step_fn *const vocabulary_steps[]; /* GET /v1/vocabulary */
extern step_fn *const
	statistics_steps[]; /* GET /v1/statistics/{form}/{year}; ROUTE_QUERY | ROUTE_SLOW */
extern step_fn *const statistics_freeze_steps[];      /* POST …/freeze; ROUTE_IDEMPOTENT */
extern step_fn *const report_steps[];                 /* GET /v1/reports/{year} */
extern step_fn *const report_findings_steps[];        /* GET …/findings */
extern step_fn *const report_section_steps[];         /* PUT …/sections/{n}; ROUTE_JSON */
extern step_fn *const statistics_corrections_steps[]; /* GET …/corrections */
extern step_fn *const statistics_cell_steps[]; /* GET …/cells/{key}/{column}; likewise */
/* disclosures.c */
extern step_fn *const disclosure_list_steps[]; /* GET /v1/disclosures; ROUTE_QUERY */
extern step_fn
	*const disclosure_add_steps[]; /* POST /v1/disclosures; ROUTE_JSON | ROUTE_IDEMPOTENT */
extern step_fn *const disclosure_steps[];             /* GET /v1/disclosures/{id} */
extern step_fn *const disclosure_publication_steps[]; /* POST /v1/disclosures/{id}/publications;
							 ROUTE_JSON | ROUTE_IDEMPOTENT */
extern step_fn *const disclosure_validity_steps[];    /* PUT …/validity; ROUTE_JSON */
extern step_fn *const disclosure_review_steps[];      /* POST /v1/disclosures/{id}/reviews;
							 ROUTE_JSON | ROUTE_IDEMPOTENT */
extern step_fn *const export_steps[];                 /* GET /v1/exports; ROUTE_QUERY */
extern step_fn *const import_steps[]; /* POST /v1/imports; ROUTE_STREAM | ROUTE_QUERY */
extern step_fn *const
	disclosure_import_steps[]; /* POST /v1/disclosures/import; ROUTE_STREAM | ROUTE_QUERY */
/* registers.c, register_writes.c */
extern step_fn *const register_kinds_steps[];  /* GET /v1/registers */
extern step_fn *const register_list_steps[];   /* GET /v1/registers/{kind}; ROUTE_QUERY */
extern step_fn *const register_add_steps[];    /* POST …; ROUTE_JSON | ROUTE_IDEMPOTENT */
extern step_fn *const register_entry_steps[];  /* GET /v1/registers/{kind}/{id} */
extern step_fn *const register_change_steps[]; /* PUT, DELETE …, POST …/retract;
						  ROUTE_IF_MATCH */
/* health.c: ROUTE_OPEN | ROUTE_HIDDEN */
extern step_fn *const healthz_steps[]; /* GET /healthz */
extern step_fn *const readyz_steps[];  /* GET /readyz */
extern step_fn *const metrics_steps[]; /* GET /metrics */
extern step_fn *const openapi_steps[]; /* GET /openapi.json */

/* cases.c, why.c, events.c, case_list.c, assign.c, deadline.c */
extern step_fn *const case_register_steps[]; /* POST /v1/cases */
extern step_fn *const case_steps[];          /* GET /v1/cases/{id} */
extern step_fn *const case_why_steps[];      /* GET /v1/cases/{id}/why; ROUTE_QUERY */
extern step_fn *const event_add_steps[];     /* POST /v1/cases/{id}/events */
extern step_fn *const event_list_steps[];    /* GET /v1/cases/{id}/events */
extern step_fn *const document_list_steps[]; /* GET /v1/cases/{id}/documents */
extern step_fn
	*const document_steps[]; /* GET /v1/cases/{id}/documents/{kind}.html; ROUTE_QUERY */
extern step_fn *const case_list_steps[]; /* GET /v1/cases; ROUTE_QUERY */
extern step_fn
	*const case_assign_steps[]; /* POST /v1/cases/assign; ROUTE_JSON | ROUTE_IDEMPOTENT */
extern step_fn *const case_export_steps[]; /* GET /v1/cases.csv, .xlsx; ROUTE_QUERY */
extern step_fn *const similar_steps[];     /* GET /v1/cases/similar; ROUTE_QUERY | ROUTE_SLOW */
extern step_fn *const workload_steps[];    /* GET /v1/workload; ROUTE_QUERY | ROUTE_SLOW */
extern step_fn *const deadline_steps[];    /* POST /v1/deadline */

/* attachments.c, attachment_upload.c */
extern step_fn *const attachment_list_steps[]; /* GET /v1/cases/{id}/attachments */
extern step_fn *const attachment_add_steps[];  /* POST …; ROUTE_STREAM | ROUTE_QUERY */
extern step_fn *const attachment_steps[];      /* GET /v1/cases/{id}/attachments/{n} */
/* portal_page.c, portal_apply.c, portal_status.c: ROUTE_OPEN | ROUTE_PAGE */
extern step_fn *const portal_door_steps[];   /* GET /portal */
extern step_fn *const portal_home_steps[];   /* GET /portal/; ROUTE_QUERY */
extern step_fn *const portal_style_steps[];  /* GET /portal/portal.css */
extern step_fn *const portal_apply_steps[];  /* GET /portal/apply; ROUTE_QUERY */
extern step_fn *const portal_submit_steps[]; /* POST /portal/apply; ROUTE_STREAM */
extern step_fn *const portal_status_steps[]; /* GET /portal/status; ROUTE_QUERY */
extern step_fn *const portal_act_steps[];    /* POST /portal/status; ROUTE_STREAM */
/* portal_requests.c: ROUTE_OPEN | ROUTE_JSON */
extern step_fn *const portal_send_steps[];     /* POST /portal/v1/requests; ROUTE_IDEMPOTENT */
extern step_fn *const portal_look_steps[];     /* POST /portal/v1/requests/status */
extern step_fn *const portal_correct_steps[];  /* POST …/correction; ROUTE_IDEMPOTENT */
extern step_fn *const portal_withdraw_steps[]; /* POST …/withdrawal; ROUTE_IDEMPOTENT */
/* stream.c */
extern step_fn *const stream_steps[]; /* GET /v1/stream */

#endif
