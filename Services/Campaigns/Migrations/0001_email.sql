-- Mail: templates, the queue of what is to be sent, who wants no more of it, and a small copy of the people it goes to.

CREATE TABLE email_templates (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    -- The nil UUID is the system agency: its templates are everybody's.
    agency_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    description text,
    template_type text NOT NULL DEFAULT 'general' CHECK (template_type ~ '^[a-z][a-z0-9_]{0,49}$'),
    type text NOT NULL CHECK (type IN ('transactional', 'notification', 'marketing', 'system', 'administrative')),
    category text NOT NULL CHECK (category IN (
        'welcome', 'password_reset', 'email_verification', 'application_update', 'adoption_confirmation', 'rescue_verification',
        'staff_invitation', 'notification_digest', 'reminder', 'announcement', 'newsletter', 'system_alert', 'new_listing')),
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'inactive', 'archived')),
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 500),
    html_content text NOT NULL CHECK (octet_length(html_content) BETWEEN 1 AND 262144),
    text_content text CHECK (octet_length(text_content) <= 262144),
    variables jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(variables) = 'array'),
    metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    locale text NOT NULL DEFAULT 'en-US' CHECK (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' AND length(locale) <= 35),
    parent_template_id uuid REFERENCES email_templates (id) ON DELETE SET NULL,
    -- Earlier contents, the newest last; at most the last 50.
    versions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(versions) = 'array'),
    current_version integer NOT NULL DEFAULT 1,
    is_default boolean NOT NULL DEFAULT false,
    priority integer NOT NULL DEFAULT 0,
    tags text[] NOT NULL DEFAULT '{}',
    created_by uuid,
    last_modified_by uuid,
    last_used_at timestamptz,
    usage_count bigint NOT NULL DEFAULT 0,
    test_emails_sent integer NOT NULL DEFAULT 0,
    is_system_template boolean NOT NULL GENERATED ALWAYS AS (agency_id = '00000000-0000-0000-0000-000000000000') STORED,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE UNIQUE INDEX email_templates_name ON email_templates (agency_id, name, locale) WHERE deleted_at IS NULL;
CREATE INDEX email_templates_lookup ON email_templates (name, agency_id) WHERE deleted_at IS NULL;
CREATE INDEX email_templates_parent ON email_templates (parent_template_id) WHERE parent_template_id IS NOT NULL;

-- Counting a use changes neither the version nor what a cache holds, and NOTIFY would serialise the commits of all senders.
CREATE TRIGGER email_templates_version BEFORE UPDATE OF agency_id, name, description, template_type, type, category, status, subject, html_content,
    text_content, variables, metadata, locale, is_default, priority, tags, deleted_at ON email_templates
    FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER email_templates_touch BEFORE UPDATE OF agency_id, name, description, template_type, type, category, status, subject, html_content,
    text_content, variables, metadata, locale, is_default, priority, tags, deleted_at ON email_templates
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER email_templates_cache AFTER DELETE OR UPDATE OF agency_id, name, type, category, status, subject, html_content, text_content, variables,
    locale, deleted_at ON email_templates
    FOR EACH ROW EXECUTE FUNCTION notify_cache_invalidate('template:', 'id');

ALTER TABLE email_templates ENABLE ROW LEVEL SECURITY;
CREATE POLICY email_templates_read ON email_templates FOR SELECT USING (
    agency_id = '00000000-0000-0000-0000-000000000000'
    OR agency_id = ANY ((SELECT current_agency_ids())::uuid[])
    OR (SELECT current_app_role()) IN ('service', 'administrator'));
CREATE POLICY email_templates_insert ON email_templates FOR INSERT WITH CHECK (
    agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND agency_id <> '00000000-0000-0000-0000-000000000000'
    OR (SELECT current_app_role()) IN ('service', 'administrator'));
CREATE POLICY email_templates_update ON email_templates FOR UPDATE USING (
    agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND agency_id <> '00000000-0000-0000-0000-000000000000'
    OR (SELECT current_app_role()) IN ('service', 'administrator'));
CREATE POLICY email_templates_delete ON email_templates FOR DELETE USING ((SELECT current_app_role()) IN ('service', 'administrator'));

CREATE TABLE email_queue (
    -- Chosen by whoever asks for the mail, so asking twice is one mail. Also the left part of its Message-ID.
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    template_id uuid REFERENCES email_templates (id) ON DELETE SET NULL,
    template_name text,
    agency_id uuid,
    from_email text NOT NULL CHECK (length(from_email) <= 255),
    from_name text CHECK (length(from_name) <= 255),
    to_email text NOT NULL CHECK (length(to_email) <= 255 AND to_email = lower(to_email)),
    to_name text CHECK (length(to_name) <= 255),
    cc_emails text[] NOT NULL DEFAULT '{}',
    bcc_emails text[] NOT NULL DEFAULT '{}',
    reply_to_email text CHECK (length(reply_to_email) <= 255),
    subject text NOT NULL CHECK (length(subject) <= 500),
    -- Rendered when the mail was asked for; empty for a mail with sealed values, which is rendered while it is sent and stored nowhere.
    html_content text NOT NULL DEFAULT '',
    text_content text,
    template_data jsonb,
    -- Values that no table may show (reset links, codes), sealed; gone once the mail has left or failed.
    sealed_data jsonb,
    attachments jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(attachments) = 'array'),
    type text NOT NULL CHECK (type IN ('transactional', 'notification', 'marketing', 'system')),
    category text NOT NULL,
    priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    priority_rank smallint NOT NULL GENERATED ALWAYS AS (
        CASE priority WHEN 'urgent' THEN 4 WHEN 'high' THEN 3 WHEN 'normal' THEN 2 ELSE 1 END) STORED,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN (
        'queued', 'sending', 'sent', 'delivered', 'opened', 'clicked', 'failed', 'bounced', 'unsubscribed', 'suppressed')),
    scheduled_for timestamptz,
    -- When somebody has to act next: queued, the time of the next attempt; sending, the end of the lease.
    due_at timestamptz NOT NULL DEFAULT now(),
    -- Which claim holds the lease.
    claim_id uuid,
    max_retries integer NOT NULL DEFAULT 3,
    current_retries integer NOT NULL DEFAULT 0,
    last_attempt_at timestamptz,
    sent_at timestamptz,
    failure_reason text,
    provider_id text CHECK (length(provider_id) <= 255),
    provider_message_id text CHECK (length(provider_message_id) <= 255),
    -- The server's last word about this mail, whatever it was.
    smtp_reply text,
    tracking jsonb NOT NULL DEFAULT '{}',
    metadata jsonb NOT NULL DEFAULT '{}',
    -- What the mail is about in the service that asked for it (a notification's id), returned in its events.
    reference uuid,
    unsubscribe_token text,
    campaign_id text CHECK (length(campaign_id) <= 255),
    user_id uuid,
    created_by uuid,
    tags text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT email_queue_retries_valid CHECK (current_retries >= 0 AND current_retries <= max_retries)
);
CREATE INDEX email_queue_due ON email_queue (priority_rank, due_at) WHERE status IN ('queued', 'sending');
CREATE INDEX email_queue_user ON email_queue (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX email_queue_template ON email_queue (template_id);
CREATE INDEX email_queue_status ON email_queue (status, id);
CREATE INDEX email_queue_open_address ON email_queue (to_email) WHERE status IN ('queued', 'sending');
CREATE TRIGGER email_queue_touch BEFORE UPDATE ON email_queue FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

ALTER TABLE email_queue ENABLE ROW LEVEL SECURITY;
CREATE POLICY email_queue_read ON email_queue FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY email_queue_insert ON email_queue FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY email_queue_update ON email_queue FOR UPDATE USING ((SELECT current_app_role()) = 'service');
CREATE POLICY email_queue_delete ON email_queue FOR DELETE USING ((SELECT current_app_role()) = 'service');

-- Who wants no more mail of a category ('*': of none), and why.
CREATE TABLE email_suppressions (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    email text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 255),
    user_id uuid,
    category text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('unsubscribed', 'bounced', 'complained', 'blacklisted')),
    email_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (email, category)
);
CREATE INDEX email_suppressions_user ON email_suppressions (user_id) WHERE user_id IS NOT NULL;
ALTER TABLE email_suppressions ENABLE ROW LEVEL SECURITY;
CREATE POLICY email_suppressions_read ON email_suppressions FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY email_suppressions_insert ON email_suppressions FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY email_suppressions_update ON email_suppressions FOR UPDATE USING ((SELECT current_app_role()) = 'service');
CREATE POLICY email_suppressions_delete ON email_suppressions FOR DELETE USING ((SELECT current_app_role()) = 'service');

-- The small copy of auth's users. A deleted one stays as its id alone, so that an older event cannot bring it back.
CREATE TABLE recipients (
    user_id uuid PRIMARY KEY,
    email text,
    full_name text,
    locale text,
    timezone text,
    status text NOT NULL,
    source_version bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE recipients ENABLE ROW LEVEL SECURITY;
CREATE POLICY recipients_all ON recipients USING ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP TABLE recipients;
DROP TABLE email_suppressions;
DROP TABLE email_queue;
DROP TABLE email_templates;
