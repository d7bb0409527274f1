import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aCasePackage, aKey, aPackageWorld, type PackageChanges, type PackageWorld } from '#testing';

describe('package verifier', () => {
  const source = path.resolve('tools/package-verifier/main.ts');
  const program = path.resolve('dist/tools/package-verifier/main.js');
  const scratch = mkdtempSync(path.join(tmpdir(), 'tally-pv-'));
  let world: PackageWorld;
  beforeAll(async () => {
    world = await aPackageWorld();
    writeFileSync(path.join(scratch, 'seal.json'), JSON.stringify(world.liaison.seal));
    writeFileSync(path.join(scratch, 'pins.json'), JSON.stringify(world.pins));
  });
  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  const run = async (changes: PackageChanges = {}, agency = world.liaison.id): Promise<{ verified: boolean; contributors: number; status: number | null }> => {
    writeFileSync(path.join(scratch, 'package.json'), await aCasePackage(world, changes));
    const { stdout, status } = spawnSync(process.execPath, [program, '--file', path.join(scratch, 'package.json'), '--pins', path.join(scratch, 'pins.json'), '--seal-key', path.join(scratch, 'seal.json'), '--agency', agency], { encoding: 'utf8' });
    return { ...(JSON.parse(stdout) as { verified: boolean; contributors: number }), status };
  };

  it('imports jose and node builtins only', () => {
    const imported = [...readFileSync(source, 'utf8').matchAll(/^import .* from '(.*)';$/gm)].map((match) => match[1]!);
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((name) => name !== 'jose' && !name.startsWith('node:'))).toEqual([]);
  });
  it('verifies an honest package', async () => {
    expect(await run()).toMatchObject({ verified: true, contributors: 2, status: 0 });
  });
  it('agrees with the liaison’s own verifier on what is refused', async () => {
    const [lead] = world.members;
    const bad: PackageChanges[] = [
      { hubKey: aKey() }, { signers: (party) => ({ evidence: aKey(), officer: party.officers[0]! }) }, { approvers: [lead.officers[0]!, world.coordinator.officers[0]!] },
      { approval: (one) => ({ ...one, digest: 'a'.repeat(64) }) }, { parts: (parts) => [parts[1]!, parts[0]!] }, { envelope: (one) => ({ ...one, handling: 'GREEN' }) },
      { contribution: (one) => ({ ...one, contents: [{ ...one.contents[0]!, sha256: 'a'.repeat(64) }] }) }, { contribution: (one) => ({ ...one, case: lead.id }) },
      { proposedTo: lead.id },
    ];
    for (const changes of bad) expect(await run(changes)).toMatchObject({ verified: false, contributors: 0, status: 6 });
    expect(await run({}, lead.id)).toMatchObject({ verified: false, status: 6 });
  });
});
