-- A person's letter to whoever offers a home. Answers go to the person.
INSERT INTO email_templates (id, name, description, template_type, type, category, status, locale, is_default, subject, variables, html_content, text_content)
VALUES
('00000000-0000-7000-8000-000000000071', 'housing_inquiry', 'A person''s letter to whoever offers a home', 'general', 'transactional', 'application_update', 'active', 'de-DE', true,
'{{letter_subject}}',
'[{"name": "letter_subject", "required": true, "sealed": false, "description": "the subject that the person chose"}, {"name": "letter", "required": true, "sealed": false, "description": "the letter itself"}, {"name": "listing_title", "required": true, "sealed": false, "description": "the title of the offer"}, {"name": "listing_url", "required": false, "sealed": false, "description": "the page of the offer"}, {"name": "sender_name", "required": false, "sealed": false, "description": "the name of the person"}]',
$html$<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
<body style="margin:0;background:#f4f1ec;font-family:Helvetica,Arial,sans-serif;color:#2b2a28">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px">
<tr><td style="padding:24px 28px;font-size:15px;line-height:1.5;white-space:pre-line">{{letter}}</td></tr>
<tr><td style="padding:16px 28px;border-top:1px solid #ece7df;font-size:12px;line-height:1.5;color:#77716a">
Zu Ihrem Angebot: {{#listing_url}}<a href="{{listing_url}}" style="color:#77716a">{{listing_title}}</a>{{/listing_url}}{{^listing_url}}{{listing_title}}{{/listing_url}}<br>
Gesendet mit Hearth{{#sender_name}} im Namen von {{sender_name}}{{/sender_name}}. Ihre Antwort geht direkt dorthin.
</td></tr>
</table>
</td></tr></table>
</body>
</html>
$html$,
$text${{letter}}

--
Zu Ihrem Angebot: {{listing_title}}{{#listing_url}} {{listing_url}}{{/listing_url}}
Gesendet mit Hearth{{#sender_name}} im Namen von {{sender_name}}{{/sender_name}}. Ihre Antwort geht direkt dorthin.
$text$);

-- migrate:down
DELETE FROM email_templates WHERE id = '00000000-0000-7000-8000-000000000071';
