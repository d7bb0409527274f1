/**
 * Verifies a case package again, by a process that shares no code with the network: it imports jose and node builtins only, and
 * takes a file and pinned public keys. Meant for people who do not want to trust the agent.
 *
 *   node dist/tools/package-verifier/main.js --pins trust.json --file signed.json
 *   node dist/tools/package-verifier/main.js --pins trust.json --file package.json --seal-key seal.jwk.json --agency <party id>
 *
 * `signed.json` is what `tally liaison open` writes: the statements as they were signed, with the sealed package beside them.
 * Prints one line of JSON {verified, contributors, ...}; exit status 0 only when verified.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, flattenedVerify, generalDecrypt, importJWK, type GeneralJWE, type JWK } from 'jose';

type Obj = Record<string, unknown>;
interface Pin { readonly subject: string; readonly use: string; readonly kid: string; readonly jwk: JWK; readonly name: string; readonly role?: string }
interface SignedPart { readonly payload: string; readonly signatures: readonly { readonly protected: string; readonly signature: string }[] }
interface Evidence { readonly envelope: string; readonly contributions: readonly { readonly id: string; readonly jws: SignedPart }[]; readonly sealed: Obj }

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const need = (good: unknown, what: string): void => { if (!good) throw new Error(what); };

/** RFC 8785 for what packages hold: objects, arrays, strings, integers, null. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

class Verifier {
  constructor(private readonly pins: readonly Pin[]) {}

  async checkPins(): Promise<void> {
    for (const pin of this.pins) need((await calculateJwkThumbprint(pin.jwk)) === pin.kid, 'a pin does not match its key');
  }

  async statement(typ: string, jws: string, fits: (pin: Pin) => boolean): Promise<{ payload: Obj; pin: Pin }> {
    const header = decodeProtectedHeader(jws);
    const pin = this.find(String(header.kid), fits);
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(pin.jwk, 'ES256'), { algorithms: ['ES256'] });
    this.header(protectedHeader, typ, pin);
    return { payload: parseCanonical(payload), pin };
  }

  async contribution(signed: SignedPart, member: string): Promise<Obj> {
    need(signed.signatures.length === 2, 'two signatures');
    for (const [index, use] of ['evidence', 'officer'].entries()) {
      const part = signed.signatures[index]!;
      const { kid } = JSON.parse(Buffer.from(part.protected, 'base64url').toString('utf8')) as { kid: string };
      const pin = this.find(kid, (one) => one.subject === `party:${member}` && one.use === use);
      const { protectedHeader } = await flattenedVerify({ payload: signed.payload, ...part }, await importJWK(pin.jwk, 'ES256'), { algorithms: ['ES256'] });
      this.header(protectedHeader ?? {}, 'tally-contribution+1', pin);
    }
    return parseCanonical(Buffer.from(signed.payload, 'base64url'));
  }

  private find(kid: string, fits: (pin: Pin) => boolean): Pin {
    const pin = this.pins.find((one) => one.kid === kid && fits(one));
    if (!pin) throw new Error('signed by a key that is not pinned');
    return pin;
  }
  private header(header: object, typ: string, pin: Pin): void {
    need(canonical(header) === canonical({ alg: 'ES256', kid: pin.kid, typ }), 'unexpected header');
  }
}

function parseCanonical(bytes: Uint8Array): Obj {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const value = JSON.parse(text) as Obj;
  need(canonical(value) === text, 'not canonical');
  return value;
}

/** Opens a sealed package, or takes what has been opened before. */
async function evidenceOf(file: Obj, sealKey: JWK | null): Promise<Evidence> {
  if (typeof file['envelope'] === 'string') return { envelope: file['envelope'], contributions: file['contributions'] as Evidence['contributions'], sealed: file['package'] as Obj };
  if (sealKey === null) throw new Error('a sealed package needs --seal-key');
  const key = await importJWK(sealKey, 'ECDH-ES+A256KW');
  const open = async (jwe: unknown): Promise<unknown> => {
    const { plaintext } = await generalDecrypt(jwe as GeneralJWE, key, { keyManagementAlgorithms: ['ECDH-ES+A256KW'], contentEncryptionAlgorithms: ['A256GCM'] });
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext).trimEnd());
  };
  const contributions = [];
  for (const { id, jwe } of file['contributions'] as { id: string; jwe: unknown }[]) contributions.push({ id, jws: (await open(jwe)) as SignedPart });
  return { envelope: String(await open(file['envelope'])), contributions, sealed: file };
}

function checkDelivered(envelope: Obj, sealed: Obj): void {
  const { digest, ...rest } = sealed;
  need(sha256(canonical(rest)) === digest && envelope['id'] === sealed['id'], 'digest of the package');
  const lines = envelope['contributions'] as { id: string; size: number; sha256: string }[];
  const parts = sealed['contributions'] as { id: string; jwe: unknown }[];
  need(lines.length === parts.length, 'number of contributions');
  lines.forEach((line, index) => {
    const text = canonical(parts[index]!.jwe);
    need(parts[index]!.id === line.id && sha256(text) === line.sha256 && Buffer.byteLength(text) === line.size, 'ciphertext of a contribution');
  });
}

async function checkApprovals(verifier: Verifier, envelope: Obj): Promise<void> {
  const { approvals, ...rest } = envelope;
  const lead = `party:${String(envelope['lead'])}`;
  const { payload: proposal, pin: proposer } = await verifier.statement('tally-proposal+1', String(envelope['proposal']), (pin) => pin.subject === lead && pin.use === 'officer');
  need(['case', 'lead', 'purpose', 'category'].every((name) => proposal[name] === envelope[name]), 'proposal of another case');
  need((envelope['recipients'] as { agency: string }[]).every(({ agency }) => agency === proposal['liaison']), 'proposal to another liaison');
  const digest = sha256(canonical(rest));
  const kids = { lead: new Set<string>(), coordinator: new Set<string>() };
  for (const jws of approvals as string[]) {
    const { payload, pin } = await verifier.statement('tally-approval+1', jws, (one) => one.use === 'officer');
    const same = payload['digest'] === digest && payload['case'] === envelope['case'] && payload['purpose'] === envelope['purpose'] && canonical(payload['recipients']) === canonical(envelope['recipients']);
    need(same, 'approval of something else');
    if (pin.subject === lead && pin.kid !== proposer.kid) kids.lead.add(pin.kid);
    if (pin.role === 'coordinator') kids.coordinator.add(pin.kid);
  }
  need([...kids.lead].some((one) => [...kids.coordinator].some((other) => other !== one)), 'two officers, one of the lead and one of the coordinator');
}

const LADDER = ['CLEAR', 'GREEN', 'AMBER', 'AMBER_STRICT', 'RED'];

async function verify(file: Obj, pins: readonly Pin[], sealKey: JWK | null, agency: string | null): Promise<Obj> {
  const verifier = new Verifier(pins);
  await verifier.checkPins();
  const evidence = await evidenceOf(file, sealKey);
  const { payload: envelope } = await verifier.statement('tally-package+1', evidence.envelope, (pin) => pin.subject === 'hub' && pin.use === 'package');
  checkDelivered(envelope, evidence.sealed);
  const recipients = envelope['recipients'] as { agency: string; key: string }[];
  need(agency === null || recipients.some((one) => one.agency === agency), 'for another agency');
  if (envelope['kind'] === 'CASE') await checkApprovals(verifier, envelope);
  const members = new Set<string>();
  const lines = envelope['contributions'] as { id: string; handlingFloor: string; facets: unknown }[];
  need(lines.length === evidence.contributions.length, 'number of contributions');
  for (const [index, { id, jws }] of evidence.contributions.entries()) {
    const claimed = parseCanonical(Buffer.from(jws.payload, 'base64url'));
    const payload = await verifier.contribution(jws, String(claimed['member']));
    const line = lines[index]!;
    need(payload['id'] === id && line.id === id && payload['case'] === envelope['case'] && canonical(payload['recipients']) === canonical(recipients), 'contribution to another case');
    need(canonical(payload['facets']) === canonical(line.facets) && LADDER.indexOf(String(envelope['handling'])) >= LADDER.indexOf(String(payload['handlingFloor'])), 'facets or handling');
    for (const item of payload['contents'] as { size: number; sha256: string; blob: string }[]) {
      const bytes = Buffer.from(item.blob, 'base64url');
      need(bytes.length === item.size && sha256(bytes) === item.sha256, 'content of a contribution');
    }
    members.add(String(payload['member']));
  }
  return { verified: true, contributors: members.size, contributions: lines.length, package: envelope['id'], case: envelope['case'], kind: envelope['kind'], digest: evidence.sealed['digest'] };
}

const USAGE = `usage: node dist/tools/package-verifier/main.js --pins trust.json --file FILE [--seal-key FILE] [--agency ID]
Verifies a case package: one line of JSON, status 0 only when verified, 6 when not, 2 for a wrong call.
`;
const OPTIONS = { file: { type: 'string' }, pins: { type: 'string' }, 'seal-key': { type: 'string' }, agency: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

function called(): Partial<Record<keyof typeof OPTIONS, string | boolean>> | null {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch {
    return null;
  }
}

async function main(): Promise<number> {
  const values = called();
  if (values?.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (values === null || typeof values.file !== 'string' || typeof values.pins !== 'string') {
    process.stderr.write(`BAD_INPUT: --file and --pins are needed, and no others than these options\n${USAGE}`);
    return 2;
  }
  const read = (name: string): unknown => JSON.parse(readFileSync(name, 'utf8'));
  try {
    const pins = read(values.pins);
    const sealKey = typeof values['seal-key'] === 'string' ? (read(values['seal-key']) as JWK) : null;
    const agency = typeof values.agency === 'string' ? values.agency : null;
    const result = await verify(read(values.file) as Obj, (Array.isArray(pins) ? pins : (pins as { pins: unknown }).pins) as Pin[], sealKey, agency);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return 0;
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ verified: false, contributors: 0, reason: error instanceof Error ? error.message : 'unknown' })}\n`);
    return 6;
  }
}

process.exitCode = await main();
