-- Who is erased is looked for by address, too: mail that went out before there was an account names no user.
CREATE INDEX email_queue_to_email ON email_queue (to_email);
CREATE INDEX email_templates_created_by ON email_templates (created_by) WHERE created_by IS NOT NULL;

-- migrate:down
DROP INDEX email_templates_created_by;
DROP INDEX email_queue_to_email;
