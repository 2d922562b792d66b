-- What waits for a vote, oldest first: few battles, however many there are.
CREATE INDEX battle_ready ON battle (created_at) WHERE status = 'ready';
