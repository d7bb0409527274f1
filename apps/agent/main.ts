import './shell/small-heap.js';

// Only now the rest: a module's imports are all loaded before its first line runs, and they fill the young generation.
const [{ COMMANDS }, { runTally }] = await Promise.all([import('./commands/index.js'), import('./shell/run-tally.js')]);

// A reader that went away (`tally overlaps | head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const status = await runTally(process.argv.slice(2), process, COMMANDS);
// A pipe's reader may be slower than we are: what was written has to be out before the exit.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))));
// By force: idle keep-alive sockets and worker threads must not hold a finished command.
process.exit(status);
