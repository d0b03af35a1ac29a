-- The mails of notifications: digests, what has no template of its own, and the code that verifies a further address.
INSERT INTO email_templates (id, name, description, template_type, type, category, status, locale, is_default, subject, variables, html_content, text_content)
VALUES
('00000000-0000-7000-8000-0000000000a1', 'notification_digest', 'All that came since the last one', 'general', 'notification', 'notification_digest', 'active', 'de-DE', true,
'{{count}} Neuigkeiten bei Hearth',
'[{"name": "count", "required": true, "sealed": false, "description": "how many there are"}, {"name": "items", "required": true, "sealed": false, "description": "a list of {title, message, url}"}, {"name": "more", "required": false, "sealed": false, "description": "how many are not shown"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 16px">Das ist seit der letzten Zusammenfassung gekommen:</p>
{{#items}}<p style="margin:0 0 14px"><a href="{{url}}" style="color:#b4512d;font-weight:bold;text-decoration:none">{{title}}</a><br>{{message}}</p>
{{/items}}
{{#more}}<p style="margin:0 0 12px">… und {{more}} weitere in deinem Postfach bei Hearth.</p>{{/more}}
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
Du bekommst diese E-Mail, weil du es in Hearth so eingestellt hast.
{{#unsubscribe_url}}<a href="{{unsubscribe_url}}" style="color:#77716a">Keine weiteren E-Mails dieser Art</a>{{/unsubscribe_url}}
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}
Hallo {{recipient_name}},

{{/recipient_name}}
Das ist seit der letzten Zusammenfassung gekommen:
{{#items}}

{{title}}
{{message}}
{{url}}
{{/items}}
{{#more}}

… und {{more}} weitere in deinem Postfach bei Hearth.
{{/more}}

--
Du bekommst diese E-Mail, weil du es in Hearth so eingestellt hast.
{{#unsubscribe_url}}
Keine weiteren E-Mails dieser Art: {{unsubscribe_url}}
{{/unsubscribe_url}}
$text$),
('00000000-0000-7000-8000-0000000000a2', 'notice', 'One notification that has no template of its own', 'general', 'notification', 'reminder', 'active', 'de-DE', true,
'{{title}}',
'[{"name": "title", "required": true, "sealed": false, "description": "the headline"}, {"name": "message", "required": true, "sealed": false, "description": "what it says"}, {"name": "url", "required": true, "sealed": false, "description": "where it leads"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<h1 style="margin:0 0 12px;font-size:20px;line-height:1.3">{{title}}</h1>
<p style="margin:0 0 16px">{{message}}</p>
<p style="margin:24px 0"><a href="{{url}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">Ansehen</a></p>
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
Du bekommst diese E-Mail, weil du es in Hearth so eingestellt hast.
{{#unsubscribe_url}}<a href="{{unsubscribe_url}}" style="color:#77716a">Keine weiteren E-Mails dieser Art</a>{{/unsubscribe_url}}
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}
Hallo {{recipient_name}},

{{/recipient_name}}
{{title}}

{{message}}

Ansehen: {{url}}

--
Du bekommst diese E-Mail, weil du es in Hearth so eingestellt hast.
{{#unsubscribe_url}}
Keine weiteren E-Mails dieser Art: {{unsubscribe_url}}
{{/unsubscribe_url}}
$text$),
('00000000-0000-7000-8000-0000000000a3', 'channel_verification', 'The code that verifies an address for notifications', 'general', 'transactional', 'email_verification', 'active', 'de-DE', true,
'Dein Code für Hearth',
'[{"name": "code", "required": true, "sealed": true, "description": "six digits"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hallo {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px;font-size:28px;letter-spacing:4px"><b>{{code}}</b></p>
<p style="margin:0 0 16px">bestätigt, dass Hearth dir an diese Adresse schreiben darf. Der Code gilt zehn Minuten.</p>
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
Du hast das nicht verlangt? Dann lösche diese E-Mail: ohne den Code schreiben wir dir nicht wieder.
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}
Hallo {{recipient_name}},

{{/recipient_name}}
{{code}} bestätigt, dass Hearth dir an diese Adresse schreiben darf. Der Code gilt zehn Minuten.

--
Du hast das nicht verlangt? Dann lösche diese E-Mail: ohne den Code schreiben wir dir nicht wieder.
$text$),
('00000000-0000-7000-8000-0000000000a4', 'notification_digest', 'All that came since the last one', 'general', 'notification', 'notification_digest', 'active', 'en-US', false,
'{{count}} news at Hearth',
'[{"name": "count", "required": true, "sealed": false, "description": "how many there are"}, {"name": "items", "required": true, "sealed": false, "description": "a list of {title, message, url}"}, {"name": "more", "required": false, "sealed": false, "description": "how many are not shown"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 16px">This has come since the last digest:</p>
{{#items}}<p style="margin:0 0 14px"><a href="{{url}}" style="color:#b4512d;font-weight:bold;text-decoration:none">{{title}}</a><br>{{message}}</p>
{{/items}}
{{#more}}<p style="margin:0 0 12px">… and {{more}} more in your inbox at Hearth.</p>{{/more}}
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
You receive this mail because you chose so in Hearth.
{{#unsubscribe_url}}<a href="{{unsubscribe_url}}" style="color:#77716a">No more mails of this kind</a>{{/unsubscribe_url}}
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}
Hello {{recipient_name}},

{{/recipient_name}}
This has come since the last digest:
{{#items}}

{{title}}
{{message}}
{{url}}
{{/items}}
{{#more}}

… and {{more}} more in your inbox at Hearth.
{{/more}}

--
You receive this mail because you chose so in Hearth.
{{#unsubscribe_url}}
No more mails of this kind: {{unsubscribe_url}}
{{/unsubscribe_url}}
$text$),
('00000000-0000-7000-8000-0000000000a5', 'notice', 'One notification that has no template of its own', 'general', 'notification', 'reminder', 'active', 'en-US', false,
'{{title}}',
'[{"name": "title", "required": true, "sealed": false, "description": "the headline"}, {"name": "message", "required": true, "sealed": false, "description": "what it says"}, {"name": "url", "required": true, "sealed": false, "description": "where it leads"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<h1 style="margin:0 0 12px;font-size:20px;line-height:1.3">{{title}}</h1>
<p style="margin:0 0 16px">{{message}}</p>
<p style="margin:24px 0"><a href="{{url}}" style="background:#b4512d;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none">See it</a></p>
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
You receive this mail because you chose so in Hearth.
{{#unsubscribe_url}}<a href="{{unsubscribe_url}}" style="color:#77716a">No more mails of this kind</a>{{/unsubscribe_url}}
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}
Hello {{recipient_name}},

{{/recipient_name}}
{{title}}

{{message}}

See it: {{url}}

--
You receive this mail because you chose so in Hearth.
{{#unsubscribe_url}}
No more mails of this kind: {{unsubscribe_url}}
{{/unsubscribe_url}}
$text$),
('00000000-0000-7000-8000-0000000000a6', 'channel_verification', 'The code that verifies an address for notifications', 'general', 'transactional', 'email_verification', 'active', 'en-US', false,
'Your code for Hearth',
'[{"name": "code", "required": true, "sealed": true, "description": "six digits"}]',
$html$<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:20px 28px;border-bottom:1px solid #ece7df;font-size:18px;font-weight:bold;color:#b4512d">Hearth</td></tr>
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5">
{{#recipient_name}}<p style="margin:0 0 12px">Hello {{recipient_name}},</p>{{/recipient_name}}
<p style="margin:0 0 12px;font-size:28px;letter-spacing:4px"><b>{{code}}</b></p>
<p style="margin:0 0 16px">confirms that Hearth may write to this address. The code is good for ten minutes.</p>
</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
You did not ask for this? Then delete this mail: without the code we will not write again.
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{#recipient_name}}
Hello {{recipient_name}},

{{/recipient_name}}
{{code}} confirms that Hearth may write to this address. The code is good for ten minutes.

--
You did not ask for this? Then delete this mail: without the code we will not write again.
$text$);

-- migrate:down
UPDATE email_queue SET template_id = NULL
WHERE template_id BETWEEN '00000000-0000-7000-8000-0000000000a1' AND '00000000-0000-7000-8000-0000000000a6';
DELETE FROM email_templates WHERE id BETWEEN '00000000-0000-7000-8000-0000000000a1' AND '00000000-0000-7000-8000-0000000000a6';
