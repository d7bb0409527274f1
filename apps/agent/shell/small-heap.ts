/**
 * Imported before anything else. The young generation would grow to 34 MB while modules load and rows stream by, and stay so; an agent that
 * publishes ten million rows needs a twentieth of it. Costs a few per cent of normalising, which is itself one per cent of a row. Threads that
 * compute say the same again (libs/sdk/tokenise/small-young-generation.ts), because V8 forgets it when a thread starts.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--semi-space-growth-factor=1');
