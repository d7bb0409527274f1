/** The home's `evidence/` folder (0700): one file an accusation, written before anything is done about it. */
import { mkdirSync } from 'node:fs';
import type { PartyHome } from '../keys/party-home.js';
import { writePrivateFile } from '../keys/private-file.js';
import type { FastEvidence } from './fast-evidence.js';

export class EvidenceFolder {
  constructor(private readonly home: Pick<PartyHome, 'file'>) {}

  /** @param batchId hexadecimal @returns the file's name inside the home */
  keep(batchId: string, evidence: FastEvidence): string {
    mkdirSync(this.home.file('evidence'), { mode: 0o700, recursive: true });
    const name = `${batchId}-holder-${evidence.holder}-${evidence.lie}.json`;
    writePrivateFile(this.home.file('evidence', name), `${JSON.stringify(evidence)}\n`);
    return `evidence/${name}`;
  }
}
