// One client of @openmined/psi.js. Reads `path N` a line, goes the whole path of a client over N inputs, answers with the CPU time in nanoseconds.
import { createInterface } from 'node:readline';
import PSI from '@openmined/psi.js';

const psi = await PSI();
const server = psi.server.createWithNewKey(true);
const client = psi.client.createWithNewKey(true);
const inputsOf = (n) => Array.from({ length: n }, (_, i) => `+86138${String(i).padStart(8, '0')}`);
const cpu = () => { const { user, system } = process.cpuUsage(); return user + system; };

/** The client's whole work for a batch: its request, and what it does with the answer. The server's part is not counted. */
function memberPath(n) {
  const inputs = inputsOf(n);
  const setup = server.createSetupMessage(1e-9, n, inputs.filter((_, i) => i % 2 === 0), psi.dataStructure.GCS);
  let start = cpu();
  const request = client.createRequest(inputs);
  let spent = cpu() - start;
  const response = server.processRequest(request);
  start = cpu();
  const found = client.getIntersection(setup, response);
  spent += cpu() - start;
  if (found.length < n / 2) throw new Error('the peer found too few');
  return spent * 1000;
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${Math.round(memberPath(Number(line.split(' ')[1])))}\n`);
