-- Mails about an account: its address changes, and its data can be fetched.
INSERT INTO email_templates (id, name, description, template_type, type, category, status, locale, is_default, subject, variables, html_content, text_content)
VALUES
('00000000-0000-7000-8000-000000000061', 'email_change_confirm', 'Confirms another address of an account', 'general', 'transactional', 'email_verification', 'active', 'de-DE', true,
'Bitte bestätige deine neue E-Mail-Adresse',
'[{"name": "link", "required": false, "sealed": true, "description": "a link that works once"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">für dein Konto bei Hearth soll künftig diese Adresse gelten. Sie gilt, sobald du sie bestätigst.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Adresse bestätigen</a></p>{{/link}}
<p style="margin:0;color:#77716a">Du hast das nicht veranlasst? Dann kannst du diese E-Mail löschen.</p>
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
für dein Konto bei Hearth soll künftig diese Adresse gelten. Sie gilt, sobald du sie bestätigst.

{{#link}}
Adresse bestätigen: {{link}}

{{/link}}
Du hast das nicht veranlasst? Dann kannst du diese E-Mail löschen.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000062', 'email_change_confirm', 'Confirms another address of an account', 'general', 'transactional', 'email_verification', 'active', 'en-US', false,
'Please confirm your new e-mail address',
'[{"name": "link", "required": false, "sealed": true, "description": "a link that works once"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">your account at Hearth is to have this address. It takes effect once you confirm it.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Confirm the address</a></p>{{/link}}
<p style="margin:0;color:#77716a">You did not ask for this? Then you can delete this mail.</p>
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
your account at Hearth is to have this address. It takes effect once you confirm it.

{{#link}}
Confirm the address: {{link}}

{{/link}}
You did not ask for this? Then you can delete this mail.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000063', 'email_change_asked', 'Tells the old address that another one was asked for', 'general', 'transactional', 'system_alert', 'active', 'de-DE', true,
'Die Adresse deines Kontos soll sich ändern',
'[]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">jemand, der dein Passwort kennt, möchte die E-Mail-Adresse deines Kontos ändern. Bis die neue Adresse bestätigt ist, bleibt alles, wie es ist.</p>
<p style="margin:0;color:#77716a">Warst du das nicht? Dann ändere jetzt dein Passwort.</p>
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
jemand, der dein Passwort kennt, möchte die E-Mail-Adresse deines Kontos ändern. Bis die neue Adresse bestätigt ist, bleibt alles, wie es ist.

Warst du das nicht? Dann ändere jetzt dein Passwort.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000064', 'email_change_asked', 'Tells the old address that another one was asked for', 'general', 'transactional', 'system_alert', 'active', 'en-US', false,
'The address of your account is to change',
'[]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">somebody who knows your password wants to change the e-mail address of your account. Until the new address is confirmed, nothing changes.</p>
<p style="margin:0;color:#77716a">Was it not you? Then change your password now.</p>
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
somebody who knows your password wants to change the e-mail address of your account. Until the new address is confirmed, nothing changes.

Was it not you? Then change your password now.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000065', 'email_changed', 'Tells both addresses that the account has another one', 'general', 'transactional', 'system_alert', 'active', 'de-DE', true,
'Die Adresse deines Kontos hat sich geändert',
'[{"name": "link", "required": false, "sealed": true, "description": "a link that works once"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">dein Konto bei Hearth hat jetzt eine andere E-Mail-Adresse.</p>
{{#link}}<p style="margin:0 0 12px">Warst du das nicht? Sieben Tage lang kannst du es rückgängig machen. Alle Geräte werden dann abgemeldet, und du wählst ein neues Passwort.</p><p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Rückgängig machen</a></p>{{/link}}
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
dein Konto bei Hearth hat jetzt eine andere E-Mail-Adresse.

{{#link}}
Warst du das nicht? Sieben Tage lang kannst du es rückgängig machen. Alle Geräte werden dann abgemeldet, und du wählst ein neues Passwort.

Rückgängig machen: {{link}}

{{/link}}
--
Hearth
$text$),
('00000000-0000-7000-8000-000000000066', 'email_changed', 'Tells both addresses that the account has another one', 'general', 'transactional', 'system_alert', 'active', 'en-US', false,
'The address of your account has changed',
'[{"name": "link", "required": false, "sealed": true, "description": "a link that works once"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">your account at Hearth has another e-mail address now.</p>
{{#link}}<p style="margin:0 0 12px">Was it not you? For seven days you can take it back. Every device is signed out then, and you choose a new password.</p><p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Take it back</a></p>{{/link}}
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
your account at Hearth has another e-mail address now.

{{#link}}
Was it not you? For seven days you can take it back. Every device is signed out then, and you choose a new password.

Take it back: {{link}}

{{/link}}
--
Hearth
$text$),
('00000000-0000-7000-8000-000000000067', 'data_export_ready', 'Tells that an export of personal data can be fetched', 'general', 'transactional', 'system_alert', 'active', 'de-DE', true,
'Deine Daten liegen bereit',
'[{"name": "link", "required": false, "sealed": true, "description": "a link that works once"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">dein Archiv mit allem, was Hearth über dich gespeichert hat, ist fertig. Melde dich an, um es zu holen; nach sieben Tagen wird es gelöscht.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Archiv</a></p>{{/link}}
<p style="margin:0;color:#77716a">Du hast das nicht veranlasst? Dann ändere jetzt dein Passwort.</p>
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
dein Archiv mit allem, was Hearth über dich gespeichert hat, ist fertig. Melde dich an, um es zu holen; nach sieben Tagen wird es gelöscht.

{{#link}}
Archiv: {{link}}

{{/link}}
Du hast das nicht veranlasst? Dann ändere jetzt dein Passwort.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000068', 'data_export_ready', 'Tells that an export of personal data can be fetched', 'general', 'transactional', 'system_alert', 'active', 'en-US', false,
'Your data is ready',
'[{"name": "link", "required": false, "sealed": true, "description": "a link that works once"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">your archive of all that Hearth keeps about you is complete. Sign in to fetch it; it is deleted after seven days.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Archive</a></p>{{/link}}
<p style="margin:0;color:#77716a">You did not ask for this? Then change your password now.</p>
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
your archive of all that Hearth keeps about you is complete. Sign in to fetch it; it is deleted after seven days.

{{#link}}
Archive: {{link}}

{{/link}}
You did not ask for this? Then change your password now.

--
Hearth
$text$);

-- migrate:down
UPDATE email_queue SET template_id = NULL
WHERE template_id BETWEEN '00000000-0000-7000-8000-000000000061' AND '00000000-0000-7000-8000-000000000068';
DELETE FROM email_templates WHERE id BETWEEN '00000000-0000-7000-8000-000000000061' AND '00000000-0000-7000-8000-000000000068';
