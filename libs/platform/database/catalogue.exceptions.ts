/** What the catalogue check lets pass, each with its reason. A trailing * stands for any ending. */
export interface CatalogueException {
  readonly rule: string;
  readonly object: string;
  readonly reason: string;
}

const across = (object: string, reason: string): CatalogueException => ({ rule: 'unique-across-members', object, reason });
const without = (object: string, reason: string): CatalogueException => ({ rule: 'row-security-off', object, reason });

export const CATALOGUE_EXCEPTIONS: readonly CatalogueException[] = [
  without('queue.*', 'BullMQ’s own tables: outbox ids and nothing else; granted to the worker alone'),
  without('platform.migration', 'names of migrations'),
  without('platform.effect', 'outbox ids; granted to the worker alone'),
  without('platform.dead_letter', 'outbox ids and names of errors; granted to the worker alone'),
  without('sec.context_key', 'granted to nobody; definer functions read it'),
  without('sec.replay', 'identifiers of proofs that were used; holds no member’s data and must be seen across members'),
  without('oidc.record', 'the token server’s own store (sessions, grants); granted to tally_auth alone'),
  without('tally.feed_generation', 'one counter of the whole cluster'),
  across('directory.party_key_kid_key', 'a key belongs to one party: the digest of a public key tells nothing about a clue'),
  across('directory.officer_id_key', 'random ids, made by the party itself'),
  across('directory.officer_kid_key', 'a key belongs to one officer'),
  across('directory.client_pkey', 'client ids are public in the federation'),
  across('directory.act_pkey', 'random ids, seen by coordinators only'),
  across('platform.outbox_pkey', 'random ids made by ourselves'),
  across('tally.case_lead', 'one lead a case; every party of a case knows the case'),
  across('tally.contribution_case_id_contribution_id_key', 'ids within a case that its parties share'),
  across('tally.approval_pkey', 'one approval an officer and digest, within a case that its parties share'),
  across('tally.approval_case_id_digest_side_key', 'one approval a side, within a case that its parties share'),
];
