/** Servers of tests: on the loopback, on a port that nobody else has. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** @returns origin, `http://127.0.0.1:<port>` */
export async function listenOnLoopback(server: Server): Promise<string> {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends open connections too. */
export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
}

/** A port that was free a moment ago, for a process that must know its address before it listens. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const { port } = new URL(await listenOnLoopback(probe));
  await closeServer(probe);
  return Number(port);
}
