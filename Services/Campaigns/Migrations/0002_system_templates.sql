-- The system's templates. Their ids are fixed, so that a mail, a cache and a test can name them.
INSERT INTO email_templates (id, name, description, template_type, type, category, status, locale, is_default, subject, variables, html_content, text_content)
VALUES
('00000000-0000-7000-8000-000000000001', 'new_listing', 'A listing matches a saved search', 'general', 'notification', 'new_listing', 'active', 'de-DE', true,
'Neues Angebot: {{title}}',
'[{"name": "title", "required": true, "sealed": false, "description": "the headline"}, {"name": "listing_url", "required": true, "sealed": false, "description": "where it can be seen"}, {"name": "rent", "required": false, "sealed": false, "description": "with its currency"}, {"name": "rooms", "required": false, "sealed": false, "description": ""}, {"name": "area", "required": false, "sealed": false, "description": "with its unit"}, {"name": "address", "required": false, "sealed": false, "description": ""}, {"name": "available_from", "required": false, "sealed": false, "description": ""}, {"name": "relevance_percent", "required": false, "sealed": false, "description": "how well it fits the search, 0 to 100"}, {"name": "search_name", "required": false, "sealed": false, "description": "the saved search that matched"}, {"name": "reasons", "required": false, "sealed": false, "description": "a list of {text}: why it matched"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 16px">Ein neues Angebot passt zu deiner Suche{{#search_name}} „{{search_name}}“{{/search_name}}:</p>
<h1 style="margin:0 0 12px;font-size:20px;line-height:1.3">{{title}}</h1>
<table role="presentation" cellpadding="0" cellspacing="0" style="font-size:15px">
{{#rent}}<tr><td style="padding:2px 16px 2px 0;color:#77716a">Miete</td><td><b>{{rent}}</b></td></tr>{{/rent}}
{{#rooms}}<tr><td style="padding:2px 16px 2px 0;color:#77716a">Zimmer</td><td>{{rooms}}</td></tr>{{/rooms}}
{{#area}}<tr><td style="padding:2px 16px 2px 0;color:#77716a">Fläche</td><td>{{area}}</td></tr>{{/area}}
{{#address}}<tr><td style="padding:2px 16px 2px 0;color:#77716a">Adresse</td><td>{{address}}</td></tr>{{/address}}
{{#available_from}}<tr><td style="padding:2px 16px 2px 0;color:#77716a">Frei ab</td><td>{{available_from}}</td></tr>{{/available_from}}
</table>
{{#relevance_percent}}<p style="margin:12px 0 0">Passt zu {{relevance_percent}} % zu deiner Suche.</p>{{/relevance_percent}}
{{#has_reasons}}
<p style="margin:16px 0 4px"><b>Warum es passt</b></p>
<ul style="margin:0;padding-left:20px">
{{#reasons}}<li>{{text}}</li>
{{/reasons}}</ul>
{{/has_reasons}}
<p style="margin:24px 0"><a href="{{listing_url}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Angebot ansehen</a></p>
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
Du bekommst diese E-Mail, weil du in Hearth eine Suche gespeichert hast. <a href="{{unsubscribe_url}}" style="color:#77716a">Keine weiteren E-Mails dieser Art</a>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}
Hallo {{recipient_name}},

{{/recipient_name}}
Ein neues Angebot passt zu deiner Suche{{#search_name}} „{{search_name}}“{{/search_name}}:

{{title}}

{{#rent}}
Miete: {{rent}}
{{/rent}}
{{#rooms}}
Zimmer: {{rooms}}
{{/rooms}}
{{#area}}
Fläche: {{area}}
{{/area}}
{{#address}}
Adresse: {{address}}
{{/address}}
{{#available_from}}
Frei ab: {{available_from}}
{{/available_from}}
{{#relevance_percent}}

Passt zu {{relevance_percent}} % zu deiner Suche.
{{/relevance_percent}}
{{#has_reasons}}

Warum es passt
{{#reasons}}
- {{text}}
{{/reasons}}
{{/has_reasons}}

Angebot ansehen: {{listing_url}}

--
Du bekommst diese E-Mail, weil du in Hearth eine Suche gespeichert hast.
Keine weiteren E-Mails dieser Art: {{unsubscribe_url}}
$text$),
('00000000-0000-7000-8000-000000000002', 'new_listing', 'A listing matches a saved search', 'general', 'notification', 'new_listing', 'active', 'en-US', false,
'New listing: {{title}}',
'[{"name": "title", "required": true, "sealed": false, "description": "the headline"}, {"name": "listing_url", "required": true, "sealed": false, "description": "where it can be seen"}, {"name": "rent", "required": false, "sealed": false, "description": "with its currency"}, {"name": "rooms", "required": false, "sealed": false, "description": ""}, {"name": "area", "required": false, "sealed": false, "description": "with its unit"}, {"name": "address", "required": false, "sealed": false, "description": ""}, {"name": "available_from", "required": false, "sealed": false, "description": ""}, {"name": "relevance_percent", "required": false, "sealed": false, "description": "how well it fits the search, 0 to 100"}, {"name": "search_name", "required": false, "sealed": false, "description": "the saved search that matched"}, {"name": "reasons", "required": false, "sealed": false, "description": "a list of {text}: why it matched"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 16px">A new listing matches your search{{#search_name}} “{{search_name}}”{{/search_name}}:</p>
<h1 style="margin:0 0 12px;font-size:20px;line-height:1.3">{{title}}</h1>
<table role="presentation" cellpadding="0" cellspacing="0" style="font-size:15px">
{{#rent}}<tr><td style="padding:2px 16px 2px 0;color:#77716a">Rent</td><td><b>{{rent}}</b></td></tr>{{/rent}}
{{#rooms}}<tr><td style="padding:2px 16px 2px 0;color:#77716a">Rooms</td><td>{{rooms}}</td></tr>{{/rooms}}
{{#area}}<tr><td style="padding:2px 16px 2px 0;color:#77716a">Area</td><td>{{area}}</td></tr>{{/area}}
{{#address}}<tr><td style="padding:2px 16px 2px 0;color:#77716a">Address</td><td>{{address}}</td></tr>{{/address}}
{{#available_from}}<tr><td style="padding:2px 16px 2px 0;color:#77716a">Free from</td><td>{{available_from}}</td></tr>{{/available_from}}
</table>
{{#relevance_percent}}<p style="margin:12px 0 0">It fits your search by {{relevance_percent}} %.</p>{{/relevance_percent}}
{{#has_reasons}}
<p style="margin:16px 0 4px"><b>Why it matches</b></p>
<ul style="margin:0;padding-left:20px">
{{#reasons}}<li>{{text}}</li>
{{/reasons}}</ul>
{{/has_reasons}}
<p style="margin:24px 0"><a href="{{listing_url}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">See the listing</a></p>
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
You get this mail because you saved a search in Hearth. <a href="{{unsubscribe_url}}" style="color:#77716a">No more mail of this kind</a>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}
Hello {{recipient_name}},

{{/recipient_name}}
A new listing matches your search{{#search_name}} “{{search_name}}”{{/search_name}}:

{{title}}

{{#rent}}
Rent: {{rent}}
{{/rent}}
{{#rooms}}
Rooms: {{rooms}}
{{/rooms}}
{{#area}}
Area: {{area}}
{{/area}}
{{#address}}
Address: {{address}}
{{/address}}
{{#available_from}}
Free from: {{available_from}}
{{/available_from}}
{{#relevance_percent}}

It fits your search by {{relevance_percent}} %.
{{/relevance_percent}}
{{#has_reasons}}

Why it matches
{{#reasons}}
- {{text}}
{{/reasons}}
{{/has_reasons}}

See the listing: {{listing_url}}

--
You get this mail because you saved a search in Hearth.
No more mail of this kind: {{unsubscribe_url}}
$text$),
('00000000-0000-7000-8000-000000000003', 'verify_email', 'Confirms a new address', 'general', 'transactional', 'email_verification', 'active', 'de-DE', true,
'Bitte bestätige deine E-Mail-Adresse',
'[{"name": "link", "required": false, "sealed": true, "description": "a link that works once"}, {"name": "code", "required": false, "sealed": true, "description": "a code that works once"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">willkommen bei Hearth. Bitte bestätige, dass diese Adresse dir gehört.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Adresse bestätigen</a></p>{{/link}}
{{#code}}<p style="margin:0 0 12px">Oder gib diesen Code ein:</p><p style="margin:0 0 16px;font-size:26px;letter-spacing:4px"><b>{{code}}</b></p>{{/code}}
<p style="margin:0;color:#77716a">Du hast dich nicht angemeldet? Dann kannst du diese E-Mail löschen.</p>
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
willkommen bei Hearth. Bitte bestätige, dass diese Adresse dir gehört.

{{#link}}
Adresse bestätigen: {{link}}

{{/link}}
{{#code}}
Oder gib diesen Code ein: {{code}}

{{/code}}
Du hast dich nicht angemeldet? Dann kannst du diese E-Mail löschen.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000004', 'verify_email', 'Confirms a new address', 'general', 'transactional', 'email_verification', 'active', 'en-US', false,
'Please confirm your e-mail address',
'[{"name": "link", "required": false, "sealed": true, "description": "a link that works once"}, {"name": "code", "required": false, "sealed": true, "description": "a code that works once"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">welcome to Hearth. Please confirm that this address is yours.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Confirm the address</a></p>{{/link}}
{{#code}}<p style="margin:0 0 12px">Or enter this code:</p><p style="margin:0 0 16px;font-size:26px;letter-spacing:4px"><b>{{code}}</b></p>{{/code}}
<p style="margin:0;color:#77716a">You did not sign up? Then you can delete this mail.</p>
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
welcome to Hearth. Please confirm that this address is yours.

{{#link}}
Confirm the address: {{link}}

{{/link}}
{{#code}}
Or enter this code: {{code}}

{{/code}}
You did not sign up? Then you can delete this mail.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000005', 'password_reset', 'Resets a password', 'general', 'transactional', 'password_reset', 'active', 'de-DE', true,
'Dein neues Passwort für Hearth',
'[{"name": "link", "required": false, "sealed": true, "description": "a link that works once"}, {"name": "code", "required": false, "sealed": true, "description": "a code that works once"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">jemand, vermutlich du, möchte dein Passwort für Hearth ändern. Der Link gilt nur kurze Zeit und nur einmal.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Neues Passwort wählen</a></p>{{/link}}
{{#code}}<p style="margin:0 0 12px">Oder gib diesen Code ein:</p><p style="margin:0 0 16px;font-size:26px;letter-spacing:4px"><b>{{code}}</b></p>{{/code}}
<p style="margin:0;color:#77716a">Das warst nicht du? Dann ist nichts weiter zu tun, dein Passwort bleibt, wie es ist.</p>
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
jemand, vermutlich du, möchte dein Passwort für Hearth ändern. Der Link gilt nur kurze Zeit und nur einmal.

{{#link}}
Neues Passwort wählen: {{link}}

{{/link}}
{{#code}}
Oder gib diesen Code ein: {{code}}

{{/code}}
Das warst nicht du? Dann ist nichts weiter zu tun, dein Passwort bleibt, wie es ist.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000006', 'password_reset', 'Resets a password', 'general', 'transactional', 'password_reset', 'active', 'en-US', false,
'Your new password for Hearth',
'[{"name": "link", "required": false, "sealed": true, "description": "a link that works once"}, {"name": "code", "required": false, "sealed": true, "description": "a code that works once"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">somebody, probably you, wants to change your password for Hearth. The link works for a short time and only once.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Choose a new password</a></p>{{/link}}
{{#code}}<p style="margin:0 0 12px">Or enter this code:</p><p style="margin:0 0 16px;font-size:26px;letter-spacing:4px"><b>{{code}}</b></p>{{/code}}
<p style="margin:0;color:#77716a">It was not you? Then there is nothing to do, your password stays as it is.</p>
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
somebody, probably you, wants to change your password for Hearth. The link works for a short time and only once.

{{#link}}
Choose a new password: {{link}}

{{/link}}
{{#code}}
Or enter this code: {{code}}

{{/code}}
It was not you? Then there is nothing to do, your password stays as it is.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000007', 'account_exists', 'Somebody signs up with an address that has an account', 'general', 'transactional', 'system_alert', 'active', 'de-DE', true,
'Du hast schon ein Konto bei Hearth',
'[{"name": "link", "required": false, "sealed": true, "description": "where to sign in or reset the password"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">jemand, vermutlich du, wollte mit dieser Adresse ein Konto bei Hearth eröffnen. Es gibt schon eines: Melde dich einfach an.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Anmelden</a></p>{{/link}}
<p style="margin:0;color:#77716a">Das warst nicht du? Dann ist nichts weiter zu tun.</p>
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
jemand, vermutlich du, wollte mit dieser Adresse ein Konto bei Hearth eröffnen. Es gibt schon eines: Melde dich einfach an.

{{#link}}
Anmelden: {{link}}

{{/link}}
Das warst nicht du? Dann ist nichts weiter zu tun.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000008', 'account_exists', 'Somebody signs up with an address that has an account', 'general', 'transactional', 'system_alert', 'active', 'en-US', false,
'You already have an account with Hearth',
'[{"name": "link", "required": false, "sealed": true, "description": "where to sign in or reset the password"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px">somebody, probably you, wanted to open an account with Hearth with this address. There is one already: simply sign in.</p>
{{#link}}<p style="margin:24px 0"><a href="{{link}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Sign in</a></p>{{/link}}
<p style="margin:0;color:#77716a">It was not you? Then there is nothing to do.</p>
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
somebody, probably you, wanted to open an account with Hearth with this address. There is one already: simply sign in.

{{#link}}
Sign in: {{link}}

{{/link}}
It was not you? Then there is nothing to do.

--
Hearth
$text$),
('00000000-0000-7000-8000-000000000009', 'Transaction Anniversary', 'A year after a transaction closed', 'anniversary', 'marketing', 'reminder', 'active', 'de-DE', false,
'Ein Jahr {{property_address}}: Herzlichen Glückwunsch!',
'[{"name": "property_address", "required": true, "sealed": false, "description": "the home of the transaction"}, {"name": "agent_name", "required": false, "sealed": false, "description": "who signs"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
<p style="margin:0 0 12px">{{#recipient_name}}Hallo {{recipient_name}}, {{/recipient_name}}heute vor einem Jahr wurde <b>{{property_address}}</b> dein Zuhause. Wir gratulieren!</p>
{{#agent_name}}<p style="margin:0">{{agent_name}}</p>{{/agent_name}}
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
<a href="{{unsubscribe_url}}" style="color:#77716a">Keine weiteren E-Mails dieser Art</a>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}Hallo {{recipient_name}}, {{/recipient_name}}heute vor einem Jahr wurde {{property_address}} dein Zuhause. Wir gratulieren!

{{#agent_name}}
{{agent_name}}

{{/agent_name}}
--
Keine weiteren E-Mails dieser Art: {{unsubscribe_url}}
$text$),
('00000000-0000-7000-8000-00000000000a', 'Transaction Anniversary', 'A year after a transaction closed', 'anniversary', 'marketing', 'reminder', 'active', 'en-US', true,
'Happy anniversary: a year at {{property_address}}!',
'[{"name": "property_address", "required": true, "sealed": false, "description": "the home of the transaction"}, {"name": "agent_name", "required": false, "sealed": false, "description": "who signs"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
<p style="margin:0 0 12px">{{#recipient_name}}Hello {{recipient_name}}, {{/recipient_name}}a year ago today <b>{{property_address}}</b> became your home. Happy anniversary!</p>
{{#agent_name}}<p style="margin:0">{{agent_name}}</p>{{/agent_name}}
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
<a href="{{unsubscribe_url}}" style="color:#77716a">No more mail of this kind</a>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}Hello {{recipient_name}}, {{/recipient_name}}a year ago today {{property_address}} became your home. Happy anniversary!

{{#agent_name}}
{{agent_name}}

{{/agent_name}}
--
No more mail of this kind: {{unsubscribe_url}}
$text$);

-- migrate:down
UPDATE email_queue SET template_id = NULL WHERE template_id::text LIKE '00000000-0000-7000-8000-%';
DELETE FROM email_templates WHERE id::text LIKE '00000000-0000-7000-8000-%';
