-- A person may open a live stream before the event that makes them known here has arrived. Tickets live for half a minute, so nothing is left
-- of a deleted person's either.
ALTER TABLE stream_tickets DROP CONSTRAINT stream_tickets_user_id_fkey;

-- migrate:down
DELETE FROM stream_tickets AS ticket WHERE NOT EXISTS (SELECT 1 FROM recipients WHERE recipients.user_id = ticket.user_id);
ALTER TABLE stream_tickets ADD CONSTRAINT stream_tickets_user_id_fkey FOREIGN KEY (user_id) REFERENCES recipients ON DELETE CASCADE;
