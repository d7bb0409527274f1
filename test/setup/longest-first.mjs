// On a clean checkout Jest knows no durations and starts the largest files first, so that the minutes of test/federation come last, alone on one core.
import testSequencer from '@jest/test-sequencer';

const { default: TestSequencer = testSequencer } = testSequencer;
const PROJECTS = ['federation', 'e2e', 'integration'];

export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ context }) => (PROJECTS.indexOf(context.config.displayName.name) + PROJECTS.length + 1) % (PROJECTS.length + 1);
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
