-- The mails with which an agency asks somebody to join it.
INSERT INTO email_templates (id, name, description, template_type, type, category, status, locale, is_default, subject, variables, html_content, text_content)
VALUES
('00000000-0000-7000-8000-000000000021', 'agency_invitation', 'An agency invites somebody with an account', 'general', 'transactional', 'staff_invitation', 'active', 'de-DE', true,
'Einladung: {{agency_name}}',
'[{"name": "agency_name", "required": true, "sealed": false, "description": "who invites"}, {"name": "inviter_name", "required": false, "sealed": false, "description": "by whom"}, {"name": "role", "required": false, "sealed": false, "description": "as what: owner, admin, agent, assistant, viewer"}, {"name": "link", "required": false, "sealed": true, "description": "a link that works once"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">{{inviter_name}} lädt dich ein, zu „{{agency_name}}“ zu gehören ({{role}}). Die Einladung gilt sieben Tage.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Einladung ansehen</a></p>{{/link}}
<p style="margin:0;color:#77716a">Du kennst das nicht? Dann brauchst du nichts zu tun.</p>
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
{{inviter_name}} lädt dich ein, zu „{{agency_name}}“ zu gehören ({{role}}). Die Einladung gilt sieben Tage.

{{#link}}
Einladung ansehen: {{link}}

{{/link}}
Du kennst das nicht? Dann brauchst du nichts zu tun.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000022', 'agency_invitation', 'An agency invites somebody with an account', 'general', 'transactional', 'staff_invitation', 'active', 'en-US', false,
'Invitation: {{agency_name}}',
'[{"name": "agency_name", "required": true, "sealed": false, "description": "who invites"}, {"name": "inviter_name", "required": false, "sealed": false, "description": "by whom"}, {"name": "role", "required": false, "sealed": false, "description": "as what: owner, admin, agent, assistant, viewer"}, {"name": "link", "required": false, "sealed": true, "description": "a link that works once"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">{{inviter_name}} invites you to belong to “{{agency_name}}” ({{role}}). The invitation stands for seven days.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">See the invitation</a></p>{{/link}}
<p style="margin:0;color:#77716a">You do not know this? Then there is nothing to do.</p>
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
{{inviter_name}} invites you to belong to “{{agency_name}}” ({{role}}). The invitation stands for seven days.

{{#link}}
See the invitation: {{link}}

{{/link}}
You do not know this? Then there is nothing to do.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000023', 'agency_invitation_register', 'An agency invites somebody without an account', 'general', 'transactional', 'staff_invitation', 'active', 'de-DE', true,
'Einladung: {{agency_name}}',
'[{"name": "agency_name", "required": true, "sealed": false, "description": "who invites"}, {"name": "inviter_name", "required": false, "sealed": false, "description": "by whom"}, {"name": "role", "required": false, "sealed": false, "description": "as what: owner, admin, agent, assistant, viewer"}, {"name": "link", "required": false, "sealed": true, "description": "a link that works once"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">{{inviter_name}} lädt dich ein, zu „{{agency_name}}“ zu gehören ({{role}}). Die Einladung gilt sieben Tage.</p>
<p style="margin:0 0 12px">Du hast noch kein Konto bei Hearth: registriere dich zuerst mit dieser Adresse und öffne dann den Link.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Einladung ansehen</a></p>{{/link}}
<p style="margin:0;color:#77716a">Du kennst das nicht? Dann brauchst du nichts zu tun.</p>
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
{{inviter_name}} lädt dich ein, zu „{{agency_name}}“ zu gehören ({{role}}). Die Einladung gilt sieben Tage.

Du hast noch kein Konto bei Hearth: registriere dich zuerst mit dieser Adresse und öffne dann den Link.

{{#link}}
Einladung ansehen: {{link}}

{{/link}}
Du kennst das nicht? Dann brauchst du nichts zu tun.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000024', 'agency_invitation_register', 'An agency invites somebody without an account', 'general', 'transactional', 'staff_invitation', 'active', 'en-US', false,
'Invitation: {{agency_name}}',
'[{"name": "agency_name", "required": true, "sealed": false, "description": "who invites"}, {"name": "inviter_name", "required": false, "sealed": false, "description": "by whom"}, {"name": "role", "required": false, "sealed": false, "description": "as what: owner, admin, agent, assistant, viewer"}, {"name": "link", "required": false, "sealed": true, "description": "a link that works once"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">{{inviter_name}} invites you to belong to “{{agency_name}}” ({{role}}). The invitation stands for seven days.</p>
<p style="margin:0 0 12px">You have no account with Hearth yet: register with this address first, then open the link.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">See the invitation</a></p>{{/link}}
<p style="margin:0;color:#77716a">You do not know this? Then there is nothing to do.</p>
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
{{inviter_name}} invites you to belong to “{{agency_name}}” ({{role}}). The invitation stands for seven days.

You have no account with Hearth yet: register with this address first, then open the link.

{{#link}}
See the invitation: {{link}}

{{/link}}
You do not know this? Then there is nothing to do.

--
Hearth
$text$);

-- migrate:down
UPDATE email_queue SET template_id = NULL
WHERE template_id BETWEEN '00000000-0000-7000-8000-000000000021' AND '00000000-0000-7000-8000-000000000024';
DELETE FROM email_templates WHERE id BETWEEN '00000000-0000-7000-8000-000000000021' AND '00000000-0000-7000-8000-000000000024';
