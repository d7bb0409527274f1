import { judgeServer, serverVersion } from './server-version.js';

describe(judgeServer.name, () => {
  it.each([[180_004, 'good'], [180_009, 'good'], [190_000, 'good'], [180_003, 'old'], [170_012, 'old'], [160_000, 'old'], [150_010, 'too-old']] as const)(
    'calls %d %s', (versionNum, verdict) => expect(judgeServer(serverVersion(versionNum))).toBe(verdict));
});
