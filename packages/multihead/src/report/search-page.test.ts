import { describe, expect, test } from 'vitest';
import { search } from '../search/search.js';
import type { SearchSpace } from '../search/space/search-space.js';
import { TrialPruned } from '../search/trial.js';
import { searchPage } from './search-page.js';

const space = {
  rate: { type: 'float', low: 1e-5, high: 1e-2, log: true },
  kind: { type: 'categorical', choices: ['<b>a</b>', 'b'] },
  depth: { type: 'int', low: 1, high: 4, when: { kind: 'b' } },
} as const satisfies SearchSpace;

const figures = (page: string) => [...page.matchAll(/<figcaption>(.*?)<\/figcaption>/g)].map(([, title]) => title);

describe('the page of a search', () => {
  test('has the best values with their command, importance, and all charts', async () => {
    const { trials, directions, best } = await search({
      space,
      trials: 30,
      direction: 'maximize',
      objective: ({ params: { rate, depth = 0 } }) => -((Math.log10(rate) + 3) ** 2) + depth / 10,
    });
    const command = () => 'multihead train --learning-rate "<1>"';
    const page = searchPage({
      title: 'a <search>',
      trials,
      directions,
      metrics: ['macro_f1'],
      command,
      version: '1.2',
    });
    expect(figures(page)).toEqual(['Importance', 'History', 'Parallel coordinates', 'rate', 'kind', 'depth']);
    expect(page).toContain('<h1>a &lt;search&gt;</h1>');
    expect(page).toContain('multihead train --learning-rate &quot;&lt;1&gt;&quot;');
    const [value = 0] = best?.values ?? [];
    expect(page).toContain(`trial ${best?.number}: macro F1 ${Number(value.toPrecision(4))}`);
    expect(page).toContain('30 trials (30 complete)');
    expect(page).not.toContain('<b>a</b>');
    expect(page).not.toContain('<script');
  });

  test('shows what trials reported, those that were pruned too', async () => {
    const { trials, directions } = await search({
      space,
      trials: 6,
      objective: (trial) => {
        for (let step = 1; step < 4; step++) trial.report(step / (trial.number + 1), step);
        if (trial.number % 2) throw new TrialPruned();
        return trial.params.rate;
      },
    });
    const page = searchPage({ title: 'pruned', trials, directions });
    expect(figures(page)).toContain('Intermediate values');
    expect(page).toContain('6 trials (3 complete, 3 pruned)');
  });

  test('shows the front of two objectives', async () => {
    const { trials, directions, paretoFront } = await search({
      space,
      trials: 12,
      direction: ['minimize', 'maximize'] as const,
      objective: ({ params: { rate, depth = 0 } }) => [rate, depth],
    });
    const page = searchPage({ title: 'two', trials, directions });
    expect(figures(page)).toContain('Objectives');
    for (const { number } of paretoFront) expect(page).toContain(`trial ${number}: value 1`);
  });

  test('of trials that all failed says so', () => {
    expect(searchPage({ title: 'none', trials: [], directions: ['minimize'] })).toContain('No trial has completed.');
  });
});
