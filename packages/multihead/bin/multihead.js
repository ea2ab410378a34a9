#!/usr/bin/env node
import { restartWithHugePages } from '../dist/platform/node/huge-pages.js';

if (process.argv[2] && !process.argv.some((argument) => ['-h', '--help', '-V', '--version'].includes(argument))) {
  restartWithHugePages(process);
}
await import('../dist/cli/main.js');
