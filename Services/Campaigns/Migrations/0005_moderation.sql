-- What moderators remove is hidden, and kept: it may be restored. And the mail that tells people what moderators did about them.

ALTER TABLE email_templates
    ADD COLUMN removed_at timestamptz,
    -- Of the last news about it that was heard; older ones change nothing.
    ADD COLUMN moderation_version bigint NOT NULL DEFAULT 0;
CREATE TRIGGER email_templates_removed_version BEFORE UPDATE OF removed_at ON email_templates
    FOR EACH ROW WHEN (OLD.removed_at IS DISTINCT FROM NEW.removed_at) EXECUTE FUNCTION bump_version();
CREATE TRIGGER email_templates_removed_cache AFTER UPDATE OF removed_at ON email_templates
    FOR EACH ROW WHEN (OLD.removed_at IS DISTINCT FROM NEW.removed_at) EXECUTE FUNCTION notify_cache_invalidate('template:', 'id');

DROP POLICY email_templates_read ON email_templates;
CREATE POLICY email_templates_read ON email_templates FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator')
    OR (removed_at IS NULL AND (
        agency_id = '00000000-0000-0000-0000-000000000000' OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]))));
DROP POLICY email_templates_update ON email_templates;
CREATE POLICY email_templates_update ON email_templates FOR UPDATE USING (
    (removed_at IS NULL AND agency_id = ANY ((SELECT current_agency_ids())::uuid[])
        AND agency_id <> '00000000-0000-0000-0000-000000000000' AND may_in_agency(agency_id, 'templates.manage'))
    OR (SELECT current_app_role()) IN ('service', 'administrator'));

INSERT INTO email_templates (id, name, description, template_type, type, category, status, locale, is_default, subject, variables, html_content, text_content)
VALUES
('00000000-0000-7000-8000-000000000031', 'moderation_notice', 'What moderators did about somebody, and why', 'general', 'transactional', 'system_alert', 'active', 'de-DE', true,
'Nachricht der Moderation',
'[{"name": "is_warning_issued", "required": false, "sealed": false, "description": "a warning"}, {"name": "is_content_removed", "required": false, "sealed": false, "description": "content was removed"}, {"name": "is_account_restricted", "required": false, "sealed": false, "description": "the account is restricted"}, {"name": "is_user_suspended", "required": false, "sealed": false, "description": "the account is suspended"}, {"name": "is_user_banned", "required": false, "sealed": false, "description": "the account is banned"}, {"name": "is_lifted", "required": false, "sealed": false, "description": "one of these is over"}, {"name": "reason", "required": false, "sealed": false, "description": "why"}, {"name": "until", "required": false, "sealed": false, "description": "when it ends"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
{{#is_warning_issued}}<p style="margin:0 0 12px">Du bist verwarnt worden.</p>{{/is_warning_issued}}
{{#is_content_removed}}<p style="margin:0 0 12px">Etwas von dir ist entfernt worden und wird nicht mehr gezeigt.</p>{{/is_content_removed}}
{{#is_account_restricted}}<p style="margin:0 0 12px">Dein Konto ist eingeschränkt: du kannst lesen, aber nichts mehr tun, was andere sehen oder erreicht.</p>{{/is_account_restricted}}
{{#is_user_suspended}}<p style="margin:0 0 12px">Dein Konto ist gesperrt. Du bist überall abgemeldet.</p>{{/is_user_suspended}}
{{#is_user_banned}}<p style="margin:0 0 12px">Dein Konto ist ausgeschlossen. Du bist überall abgemeldet.</p>{{/is_user_banned}}
{{#is_lifted}}<p style="margin:0 0 12px">Eine Maßnahme gegen dein Konto gilt nicht mehr.</p>{{/is_lifted}}
{{#reason}}<p style="margin:0 0 12px">Grund: {{reason}}</p>{{/reason}}
{{#until}}<p style="margin:0 0 12px">Bis: {{until}}</p>{{/until}}
<p style="margin:0;color:#77716a">Du hältst das für falsch? Antworte der Moderation über die Hilfe.</p>
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
Hearth
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}
Hallo {{recipient_name}},

{{/recipient_name}}
{{#is_warning_issued}}
Du bist verwarnt worden.

{{/is_warning_issued}}
{{#is_content_removed}}
Etwas von dir ist entfernt worden und wird nicht mehr gezeigt.

{{/is_content_removed}}
{{#is_account_restricted}}
Dein Konto ist eingeschränkt: du kannst lesen, aber nichts mehr tun, was andere sehen oder erreicht.

{{/is_account_restricted}}
{{#is_user_suspended}}
Dein Konto ist gesperrt. Du bist überall abgemeldet.

{{/is_user_suspended}}
{{#is_user_banned}}
Dein Konto ist ausgeschlossen. Du bist überall abgemeldet.

{{/is_user_banned}}
{{#is_lifted}}
Eine Maßnahme gegen dein Konto gilt nicht mehr.

{{/is_lifted}}
{{#reason}}
Grund: {{reason}}

{{/reason}}
{{#until}}
Bis: {{until}}

{{/until}}
Du hältst das für falsch? Antworte der Moderation über die Hilfe.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000032', 'moderation_notice', 'What moderators did about somebody, and why', 'general', 'transactional', 'system_alert', 'active', 'en-US', false,
'A message from the moderators',
'[{"name": "is_warning_issued", "required": false, "sealed": false, "description": "a warning"}, {"name": "is_content_removed", "required": false, "sealed": false, "description": "content was removed"}, {"name": "is_account_restricted", "required": false, "sealed": false, "description": "the account is restricted"}, {"name": "is_user_suspended", "required": false, "sealed": false, "description": "the account is suspended"}, {"name": "is_user_banned", "required": false, "sealed": false, "description": "the account is banned"}, {"name": "is_lifted", "required": false, "sealed": false, "description": "one of these is over"}, {"name": "reason", "required": false, "sealed": false, "description": "why"}, {"name": "until", "required": false, "sealed": false, "description": "when it ends"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
{{#is_warning_issued}}<p style="margin:0 0 12px">You have been warned.</p>{{/is_warning_issued}}
{{#is_content_removed}}<p style="margin:0 0 12px">Something of yours has been removed and is not shown any more.</p>{{/is_content_removed}}
{{#is_account_restricted}}<p style="margin:0 0 12px">Your account is restricted: you can read, but do nothing that others see or that reaches them.</p>{{/is_account_restricted}}
{{#is_user_suspended}}<p style="margin:0 0 12px">Your account is suspended. You are signed out everywhere.</p>{{/is_user_suspended}}
{{#is_user_banned}}<p style="margin:0 0 12px">Your account is banned. You are signed out everywhere.</p>{{/is_user_banned}}
{{#is_lifted}}<p style="margin:0 0 12px">A measure against your account does not hold any more.</p>{{/is_lifted}}
{{#reason}}<p style="margin:0 0 12px">Reason: {{reason}}</p>{{/reason}}
{{#until}}<p style="margin:0 0 12px">Until: {{until}}</p>{{/until}}
<p style="margin:0;color:#77716a">You think this is wrong? Tell the moderators through the help pages.</p>
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
Hearth
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}
Hello {{recipient_name}},

{{/recipient_name}}
{{#is_warning_issued}}
You have been warned.

{{/is_warning_issued}}
{{#is_content_removed}}
Something of yours has been removed and is not shown any more.

{{/is_content_removed}}
{{#is_account_restricted}}
Your account is restricted: you can read, but do nothing that others see or that reaches them.

{{/is_account_restricted}}
{{#is_user_suspended}}
Your account is suspended. You are signed out everywhere.

{{/is_user_suspended}}
{{#is_user_banned}}
Your account is banned. You are signed out everywhere.

{{/is_user_banned}}
{{#is_lifted}}
A measure against your account does not hold any more.

{{/is_lifted}}
{{#reason}}
Reason: {{reason}}

{{/reason}}
{{#until}}
Until: {{until}}

{{/until}}
You think this is wrong? Tell the moderators through the help pages.

--
Hearth
$text$);

-- migrate:down
UPDATE email_queue SET template_id = NULL
WHERE template_id IN ('00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000032');
DELETE FROM email_templates WHERE id IN ('00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000032');
DROP POLICY email_templates_update ON email_templates;
CREATE POLICY email_templates_update ON email_templates FOR UPDATE USING (
    (agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND agency_id <> '00000000-0000-0000-0000-000000000000'
        AND may_in_agency(agency_id, 'templates.manage'))
    OR (SELECT current_app_role()) IN ('service', 'administrator'));
DROP POLICY email_templates_read ON email_templates;
CREATE POLICY email_templates_read ON email_templates FOR SELECT USING (
    agency_id = '00000000-0000-0000-0000-000000000000'
    OR agency_id = ANY ((SELECT current_agency_ids())::uuid[])
    OR (SELECT current_app_role()) IN ('service', 'administrator'));
DROP TRIGGER email_templates_removed_cache ON email_templates;
DROP TRIGGER email_templates_removed_version ON email_templates;
ALTER TABLE email_templates DROP COLUMN moderation_version, DROP COLUMN removed_at;
