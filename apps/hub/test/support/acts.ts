/** Statements of officers and public files, as `tally admin` makes them. */
import { randomUUID } from 'node:crypto';
import { publicJwk, keyIdOf, signStatement, type PrivateJwk } from '#crypto';
import { admissionDigest, parseAdmittedParty, statementTypeOf, type AdmittedParty, type DirectoryAct, type PartyRole } from '#protocol';
import { aRegisteredParty, type TestPartyRecord } from '#testing';

export const FEDERATION = 'test-federation';

/** A party that nobody knows yet, with its public file. */
export async function aNewcomer(role: PartyRole = 'member'): Promise<{ record: TestPartyRecord; publicFile: string; admitted: AdmittedParty }> {
  const record = await aRegisteredParty(role).build();
  const file = {
    partyId: record.id, role, name: record.name, nameZh: '新成员', contactDesk: 'desk', jurisdiction: 'CN-31',
    keys: Object.entries(record.keys).map(([use, key]) => ({ use, kid: keyIdOf(key), jwk: publicJwk(key) })),
    officers: record.officers.map(({ id, name, kid, key }) => ({ id, name, kid, jwk: publicJwk(key) })),
  };
  return { record, publicFile: JSON.stringify(file), admitted: parseAdmittedParty(file) };
}

export function actOf(action: DirectoryAct['action'], party: string, more: Partial<DirectoryAct> = {}): DirectoryAct {
  return { v: 1, action, federation: FEDERATION, party, digest: null, policyVersion: 1, time: new Date().toISOString(), ...more };
}

export function signAct(act: DirectoryAct, key: PrivateJwk): Promise<string> {
  return signStatement(statementTypeOf(act.action), { ...act }, key);
}

export function admission(newcomer: { record: TestPartyRecord; admitted: AdmittedParty }): DirectoryAct {
  return actOf('ADMIT', newcomer.record.id, { digest: admissionDigest(newcomer.admitted) });
}

export const freshKey = (): string => randomUUID();
