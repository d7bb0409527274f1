import { parseDatabaseUrl, withDatabase, withPassword, withRole } from './connection-options.js';

describe(parseDatabaseUrl.name, () => {
  it('reads TCP and socket URLs', () => {
    expect(parseDatabaseUrl('postgresql://tally_app:p%40ss@db.example:6432/tally')).toMatchObject({
      host: 'db.example', port: 6432, user: 'tally_app', password: 'p@ss', database: 'tally', ssl: undefined,
    });
    expect(parseDatabaseUrl('postgresql://tally_app@/tally?host=%2Fvar%2Ftmp%2Fx&port=5432')).toMatchObject({
      host: '/var/tmp/x', port: 5432, user: 'tally_app', password: undefined, database: 'tally',
    });
  });
  it('verifies certificates or does not speak TLS at all', () => {
    expect(parseDatabaseUrl('postgresql://a@b/c?sslmode=verify-full').ssl).toMatchObject({ rejectUnauthorized: true });
    for (const mode of ['require', 'prefer', 'no-verify']) expect(() => parseDatabaseUrl(`postgresql://a@b/c?sslmode=${mode}`)).toThrow('verify-full');
  });
  it('refuses other schemes', () => expect(() => parseDatabaseUrl('mysql://a@b/c')).toThrow('postgresql://'));
});

describe('changing a URL', () => {
  const socket = 'postgresql://postgres@/one?host=%2Fs&port=5432';
  it('keeps everything else', () => {
    expect(parseDatabaseUrl(withRole(withDatabase(socket, 'two'), 'tally_app', 'p@ss/word'))).toMatchObject({
      host: '/s', user: 'tally_app', password: 'p@ss/word', database: 'two',
    });
    expect(parseDatabaseUrl(withPassword('postgresql://a@h:1/d', 'x:y'))).toMatchObject({ user: 'a', password: 'x:y', host: 'h', port: 1, database: 'd' });
  });
});
