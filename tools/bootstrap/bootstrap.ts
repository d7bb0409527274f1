/**
 * The first coordinator and its officers: the one party that nobody can admit. Run once by the operator with the migration
 * login; refuses when a coordinator exists, because from then on admission takes two officers.
 */
import { readPublicFile } from '#domain/members';
import { DomainError, type PartyId } from '#kernel';
import { withClient } from '#platform/database';

const AS_OWNER = '-c role=tally_owner';

/**
 * @param url Connection URL of tally_migrate.
 * @param publicFile Text of the coordinator's public.json.
 * @throws DomainError BAD_INPUT, ALREADY_EXISTS
 */
export async function bootstrapFederation(url: string, publicFile: string): Promise<PartyId> {
  const party = readPublicFile(publicFile);
  if (party.role !== 'coordinator') throw new DomainError('BAD_INPUT', 'the first party is a coordinator', { reason: 'role' });
  await withClient(url, async (client) => {
    await client.query('begin');
    await client.query('lock table directory.party in exclusive mode');
    const { rowCount } = await client.query("select from directory.party where role = 'coordinator'");
    if (rowCount !== 0) throw new DomainError('ALREADY_EXISTS', 'a coordinator exists: further parties are admitted by its officers');
    await client.query(
      "insert into directory.party (id, role, name, name_zh, status, jurisdiction, contact_desk) values ($1, 'coordinator', $2, $3, 'ACTIVE', $4, $5)",
      [party.partyId, party.name, party.nameZh, party.jurisdiction, JSON.stringify(party.contactDesk)]);
    for (const { kid, use, jwk } of party.keys) {
      await client.query('insert into directory.party_key (party_id, kid, use, jwk) values ($1, $2, $3, $4)', [party.partyId, kid, use, JSON.stringify(jwk)]);
    }
    for (const { id, name, kid, jwk } of party.officers) {
      await client.query('insert into directory.officer (id, party_id, name, kid, jwk) values ($1, $2, $3, $4, $5)', [id, party.partyId, name, kid, JSON.stringify(jwk)]);
    }
    await client.query('insert into directory.client (client_id, party_id) values ($1, $2)', [party.partyId, party.partyId]);
    await client.query('commit');
  }, AS_OWNER);
  return party.partyId as PartyId;
}
