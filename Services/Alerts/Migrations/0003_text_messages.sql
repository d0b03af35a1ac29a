-- Text messages that leave Hearth. Number and code are sealed, and gone once nothing is to be sent any more.
CREATE TABLE sms_queue (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('security_code')),
    locale text NOT NULL CHECK (length(locale) <= 35),
    sealed_to bytea,
    sealed_data jsonb,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'failed')),
    failure_reason text CHECK (failure_reason IN ('no_provider', 'rejected', 'retries_exhausted', 'expired', 'unreadable')),
    -- What the provider answered, at its last word.
    provider_reply text CHECK (length(provider_reply) <= 500),
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((status = 'failed') = (failure_reason IS NOT NULL)),
    CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
    CHECK ((status = 'queued') = (sealed_to IS NOT NULL))
);
CREATE INDEX sms_queue_due_at ON sms_queue (due_at) WHERE status = 'queued';
CREATE INDEX sms_queue_user_id ON sms_queue (user_id);

ALTER TABLE sms_queue ENABLE ROW LEVEL SECURITY;
CREATE POLICY sms_queue_service ON sms_queue USING ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP TABLE sms_queue;
