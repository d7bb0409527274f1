/** `npm run hub-secrets`: docs/runbooks/set-up-a-hub.md. */
import { fingerprintOf, parsePublicFile } from '#sdk';
import { readFileSync } from 'node:fs';
import { runTool, UsageError, wholeNumber } from '../command-line/run-tool.js';
import { makeHubSecrets } from './hub-secrets.js';

await runTool({
  usage: `npm run hub-secrets -- --out DIR --name NAME [--holders N] [--json]
Makes the passwords and keys of a new hub, and hub.public.json, whose fingerprint you read out to everybody. Writes over nothing.
--holders N adds passwords for the databases of N key-holders, for a trial on one machine.`,
  options: { out: { type: 'string' }, name: { type: 'string' }, holders: { type: 'string' }, json: { type: 'boolean' } },
  run: ({ out: folder, name, holders, json }, _words, { out }) => {
    if (folder === undefined || name === undefined) throw new UsageError('--out and --name are needed');
    const { secrets, publicFile } = makeHubSecrets(folder, name, wholeNumber('--holders', holders, 0, 0, 32));
    const fingerprint = fingerprintOf(parsePublicFile(JSON.parse(readFileSync(publicFile, 'utf8'))));
    out(json === true ? `${JSON.stringify({ folder, secrets, publicFile, fingerprint })}\n` : `${secrets.length} secrets in ${folder}\n${publicFile}\nFingerprint: ${fingerprint}\n`);
  },
});
