-- The mail about an account elsewhere that signs somebody in.
INSERT INTO email_templates (id, name, description, template_type, type, category, status, locale, is_default, subject, variables, html_content, text_content)
VALUES
('00000000-0000-7000-8000-000000000045', 'connection_changed', 'Somebody connected or disconnected an account elsewhere', 'general', 'transactional', 'system_alert', 'active', 'de-DE', true,
'Die Sicherheit deines Kontos wurde geändert',
'[{"name": "provider", "required": true, "sealed": false, "description": "google, microsoft, facebook …"}, {"name": "is_connected", "required": false, "sealed": false, "description": "whether it signs them in from now on"}, {"name": "is_disconnected", "required": false, "sealed": false, "description": "or no longer"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">{{#is_connected}}Mit deinem Konto bei „{{provider}}“ kannst du dich jetzt bei Hearth anmelden.{{/is_connected}}{{#is_disconnected}}Mit deinem Konto bei „{{provider}}“ kannst du dich nicht mehr bei Hearth anmelden.{{/is_disconnected}}</p>
<p style="margin:0;color:#77716a">Das warst nicht du? Dann ändere dein Passwort und beende alle Sitzungen.</p>
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
{{#is_connected}}Mit deinem Konto bei „{{provider}}“ kannst du dich jetzt bei Hearth anmelden.{{/is_connected}}{{#is_disconnected}}Mit deinem Konto bei „{{provider}}“ kannst du dich nicht mehr bei Hearth anmelden.{{/is_disconnected}}

Das warst nicht du? Dann ändere dein Passwort und beende alle Sitzungen.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000046', 'connection_changed', 'Somebody connected or disconnected an account elsewhere', 'general', 'transactional', 'system_alert', 'active', 'en-US', false,
'The security of your account was changed',
'[{"name": "provider", "required": true, "sealed": false, "description": "google, microsoft, facebook …"}, {"name": "is_connected", "required": false, "sealed": false, "description": "whether it signs them in from now on"}, {"name": "is_disconnected", "required": false, "sealed": false, "description": "or no longer"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">{{#is_connected}}Your account with “{{provider}}” signs you in to Hearth from now on.{{/is_connected}}{{#is_disconnected}}Your account with “{{provider}}” no longer signs you in to Hearth.{{/is_disconnected}}</p>
<p style="margin:0;color:#77716a">It was not you? Then change your password and end all sessions.</p>
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
{{#is_connected}}Your account with “{{provider}}” signs you in to Hearth from now on.{{/is_connected}}{{#is_disconnected}}Your account with “{{provider}}” no longer signs you in to Hearth.{{/is_disconnected}}

It was not you? Then change your password and end all sessions.

--
Hearth
$text$);

-- migrate:down
UPDATE email_queue SET template_id = NULL
WHERE template_id BETWEEN '00000000-0000-7000-8000-000000000045' AND '00000000-0000-7000-8000-000000000046';
DELETE FROM email_templates WHERE id BETWEEN '00000000-0000-7000-8000-000000000045' AND '00000000-0000-7000-8000-000000000046';
