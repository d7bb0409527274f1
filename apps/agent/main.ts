import { COMMANDS } from './commands/index.js';
import { runTally } from './shell/run-tally.js';

// A reader that went away (`tally overlaps | head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// Exit by force: idle keep-alive sockets and worker threads must not hold a finished command.
process.exit(await runTally(process.argv.slice(2), process, COMMANDS));
