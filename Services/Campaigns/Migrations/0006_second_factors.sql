-- The mails about second factors: a code, and what has changed.
INSERT INTO email_templates (id, name, description, template_type, type, category, status, locale, is_default, subject, variables, html_content, text_content)
VALUES
('00000000-0000-7000-8000-000000000041', 'security_code', 'A code that proves who somebody is', 'general', 'transactional', 'system_alert', 'active', 'de-DE', true,
'Dein Code bei Hearth',
'[{"name": "code", "required": false, "sealed": true, "description": "six digits that work once"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">Dein Code ist:</p>
{{#code}}<p style="margin:12px 0 20px;font-size:28px;letter-spacing:6px;font-weight:bold">{{code}}</p>{{/code}}
<p style="margin:0 0 12px">Er gilt zehn Minuten und nur einmal. Gib ihn niemandem weiter: Hearth fragt dich nie am Telefon oder per Mail danach.</p>
<p style="margin:0;color:#77716a">Du hast keinen Code angefordert? Dann kennt jemand dein Passwort: ändere es.</p>
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
Dein Code ist:{{#code}} {{code}}{{/code}}

Er gilt zehn Minuten und nur einmal. Gib ihn niemandem weiter: Hearth fragt dich nie am Telefon oder per Mail danach.

Du hast keinen Code angefordert? Dann kennt jemand dein Passwort: ändere es.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000042', 'security_code', 'A code that proves who somebody is', 'general', 'transactional', 'system_alert', 'active', 'en-US', false,
'Your code for Hearth',
'[{"name": "code", "required": false, "sealed": true, "description": "six digits that work once"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">Your code is:</p>
{{#code}}<p style="margin:12px 0 20px;font-size:28px;letter-spacing:6px;font-weight:bold">{{code}}</p>{{/code}}
<p style="margin:0 0 12px">It is good for ten minutes and once. Give it to nobody: Hearth never asks for it by telephone or mail.</p>
<p style="margin:0;color:#77716a">You have not asked for a code? Then somebody knows your password: change it.</p>
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
Your code is:{{#code}} {{code}}{{/code}}

It is good for ten minutes and once. Give it to nobody: Hearth never asks for it by telephone or mail.

You have not asked for a code? Then somebody knows your password: change it.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000043', 'second_factor_changed', 'Somebody changed a second factor of their account', 'general', 'transactional', 'system_alert', 'active', 'de-DE', true,
'Die Sicherheit deines Kontos wurde geändert',
'[{"name": "is_totp", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_email", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_sms", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_passkey", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_backup_code", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_all", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_added", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_removed", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_replaced", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_used", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_reset", "required": false, "sealed": false, "description": "whether it is about this"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">Geändert: {{#is_totp}}deine Authenticator-App{{/is_totp}}{{#is_email}}Codes per E-Mail{{/is_email}}{{#is_sms}}Codes per SMS{{/is_sms}}{{#is_passkey}}ein Passkey{{/is_passkey}}{{#is_backup_code}}Backup-Codes{{/is_backup_code}}{{#is_all}}alle zweiten Faktoren{{/is_all}} – {{#is_added}}gehört jetzt zu den zweiten Faktoren deines Kontos{{/is_added}}{{#is_removed}}gehört nicht mehr zu den zweiten Faktoren deines Kontos{{/is_removed}}{{#is_replaced}}wurde neu ausgestellt; was vorher galt, gilt nicht mehr{{/is_replaced}}{{#is_used}}wurde benutzt und gilt nicht noch einmal{{/is_used}}{{#is_reset}}wurde von der Verwaltung entfernt{{/is_reset}}.</p>
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
Geändert: {{#is_totp}}deine Authenticator-App{{/is_totp}}{{#is_email}}Codes per E-Mail{{/is_email}}{{#is_sms}}Codes per SMS{{/is_sms}}{{#is_passkey}}ein Passkey{{/is_passkey}}{{#is_backup_code}}Backup-Codes{{/is_backup_code}}{{#is_all}}alle zweiten Faktoren{{/is_all}} – {{#is_added}}gehört jetzt zu den zweiten Faktoren deines Kontos{{/is_added}}{{#is_removed}}gehört nicht mehr zu den zweiten Faktoren deines Kontos{{/is_removed}}{{#is_replaced}}wurde neu ausgestellt; was vorher galt, gilt nicht mehr{{/is_replaced}}{{#is_used}}wurde benutzt und gilt nicht noch einmal{{/is_used}}{{#is_reset}}wurde von der Verwaltung entfernt{{/is_reset}}.

Das warst nicht du? Dann ändere dein Passwort und beende alle Sitzungen.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000044', 'second_factor_changed', 'Somebody changed a second factor of their account', 'general', 'transactional', 'system_alert', 'active', 'en-US', false,
'The security of your account was changed',
'[{"name": "is_totp", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_email", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_sms", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_passkey", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_backup_code", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_all", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_added", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_removed", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_replaced", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_used", "required": false, "sealed": false, "description": "whether it is about this"}, {"name": "is_reset", "required": false, "sealed": false, "description": "whether it is about this"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">Changed: {{#is_totp}}your authenticator app{{/is_totp}}{{#is_email}}codes by e-mail{{/is_email}}{{#is_sms}}codes by text message{{/is_sms}}{{#is_passkey}}a passkey{{/is_passkey}}{{#is_backup_code}}backup codes{{/is_backup_code}}{{#is_all}}all second factors{{/is_all}} – {{#is_added}}now belongs to the second factors of your account{{/is_added}}{{#is_removed}}no longer belongs to the second factors of your account{{/is_removed}}{{#is_replaced}}was made anew; what was good before is good no longer{{/is_replaced}}{{#is_used}}was used and is not good again{{/is_used}}{{#is_reset}}was removed by an administrator{{/is_reset}}.</p>
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
Changed: {{#is_totp}}your authenticator app{{/is_totp}}{{#is_email}}codes by e-mail{{/is_email}}{{#is_sms}}codes by text message{{/is_sms}}{{#is_passkey}}a passkey{{/is_passkey}}{{#is_backup_code}}backup codes{{/is_backup_code}}{{#is_all}}all second factors{{/is_all}} – {{#is_added}}now belongs to the second factors of your account{{/is_added}}{{#is_removed}}no longer belongs to the second factors of your account{{/is_removed}}{{#is_replaced}}was made anew; what was good before is good no longer{{/is_replaced}}{{#is_used}}was used and is not good again{{/is_used}}{{#is_reset}}was removed by an administrator{{/is_reset}}.

It was not you? Then change your password and end all sessions.

--
Hearth
$text$);

-- migrate:down
UPDATE email_queue SET template_id = NULL
WHERE template_id BETWEEN '00000000-0000-7000-8000-000000000041' AND '00000000-0000-7000-8000-000000000044';
DELETE FROM email_templates WHERE id BETWEEN '00000000-0000-7000-8000-000000000041' AND '00000000-0000-7000-8000-000000000044';
