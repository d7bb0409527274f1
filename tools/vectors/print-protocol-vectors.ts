/** Prints our fixed vectors as computed by libsodium: `... > docs/protocol/test-vectors.json`. */
import { createSodiumEngine } from '#crypto';
import { computeProtocolVectors } from './protocol-vectors.js';

process.stdout.write(`${JSON.stringify(computeProtocolVectors(await createSodiumEngine()), null, 2)}\n`);
