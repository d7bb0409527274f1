/** The public.json of a party as it arrives at the hub. */
import { keyIdOf } from '#crypto';
import { DomainError } from '#kernel';
import { parseAdmittedParty, type AdmittedParty } from '#protocol';

/** Kids are recomputed: a kid that somebody wrote is not a name for a key. @throws DomainError BAD_INPUT */
export function readPublicFile(text: string): AdmittedParty {
  const party = parseAdmittedParty(parseJson(text));
  for (const { kid, jwk } of [...party.keys, ...party.officers]) {
    if (keyIdOf(jwk) !== kid) throw new DomainError('BAD_INPUT', 'kid is not the thumbprint of its key', { reason: 'kid' });
  }
  return party;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DomainError('BAD_INPUT', 'public file is not JSON', { reason: 'file' });
  }
}
