import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { restartWithHugePages, withHugePages } from './huge-pages.js';

const asked = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

describe('withHugePages', () => {
  test('requests them from glibc under the policy madvise, and keeps other tunables', () => {
    expect(withHugePages({ HOME: '/root' }, 'madvise')).toEqual({ HOME: '/root', ...asked });
    expect(withHugePages({ GLIBC_TUNABLES: 'glibc.malloc.check=3' }, 'madvise')).toEqual({
      GLIBC_TUNABLES: 'glibc.malloc.check=3:glibc.malloc.hugetlb=1',
    });
  });

  test.each(['always', 'never', ''])('changes nothing where the policy is "%s"', (policy) => {
    const env = {};
    expect(withHugePages(env, policy)).toBe(env);
  });

  test('keeps the tunable if it is set', () => {
    const env = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' };
    expect(withHugePages(env, 'madvise')).toBe(env);
  });
});

describe('restartWithHugePages', () => {
  const execve = vi.fn();
  const start = {
    argv: ['node', 'train.js', '--epochs', '3'],
    env: {},
    execArgv: ['--no-warnings'],
    execPath: '/usr/bin/node',
    platform: 'linux',
    execve,
  } as const;

  test('starts the same program with the same arguments', () => {
    restartWithHugePages(start as never, 'madvise');
    const args = ['/usr/bin/node', '--no-warnings', 'train.js', '--epochs', '3'];
    expect(execve.mock.lastCall).toEqual(['/usr/bin/node', args, asked]);
  });

  test.each([
    ['on other systems', { platform: 'darwin' }],
    ['where Node cannot', { execve: undefined }],
    ['under a parent that talks to the process', { send: () => true }],
    ['a second time', { env: asked }],
  ])('does nothing %s', (_, change) => {
    execve.mockClear();
    restartWithHugePages({ ...start, ...change } as never, 'madvise');
    expect(execve).not.toHaveBeenCalled();
  });

  const policy = '/sys/kernel/mm/transparent_hugepage/enabled';
  const canRestart = 'execve' in process && existsSync(policy) && readFileSync(policy, 'utf8').includes('[madvise]');
  test.skipIf(!canRestart)(
    'a real process restarts with them (needs Node 22.15 or later, and Linux with [madvise])',
    () => {
      const module = JSON.stringify(new URL('./huge-pages.js', import.meta.url).href);
      const code = `
      import { restartWithHugePages } from ${module};
      restartWithHugePages(process);
      console.log(JSON.stringify({ pid: process.pid, tunables: process.env.GLIBC_TUNABLES }));`;
      const { GLIBC_TUNABLES: _, ...env } = process.env;
      const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
        env,
        encoding: 'utf8',
      });
      expect(JSON.parse(printed)).toMatchObject({ tunables: 'glibc.malloc.hugetlb=1' });
    },
  );
});
