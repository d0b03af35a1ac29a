-- What an event was about is looked for, too, when somebody is erased; and what the trail tells of them goes out of it, not only where they were.
CREATE INDEX user_events_of_subject ON user_events (subject_id) WHERE subject_id IS NOT NULL;

CREATE OR REPLACE FUNCTION audit_logs_immutable() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN
            IF current_user = 'hearth_analytics_owner' THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'audit_logs rows are not deleted' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.location := NULL;
        IF (to_jsonb(NEW) - '{ip_address,user_agent,location,old_values,new_values,error_message}'::text[])
                IS DISTINCT FROM (to_jsonb(OLD) - '{ip_address,user_agent,location,old_values,new_values,error_message}'::text[])
                OR NEW.ip_address IS NOT NULL OR NEW.user_agent IS NOT NULL OR NEW.old_values IS NOT NULL OR NEW.new_values IS NOT NULL
                OR NEW.error_message IS NOT NULL THEN
            RAISE EXCEPTION 'audit_logs rows do not change' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;

-- migrate:down
CREATE OR REPLACE FUNCTION audit_logs_immutable() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN
            IF current_user = 'hearth_analytics_owner' THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'audit_logs rows are not deleted' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.location := NULL;
        IF (to_jsonb(NEW) - '{ip_address,user_agent,location}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{ip_address,user_agent,location}'::text[])
                OR NEW.ip_address IS NOT NULL OR NEW.user_agent IS NOT NULL THEN
            RAISE EXCEPTION 'audit_logs rows do not change' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;
DROP INDEX user_events_of_subject;
