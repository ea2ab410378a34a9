import { expect, test } from 'vitest';
import type { Call, ServedModel } from '../models/served-model.js';
import { ModelHost } from './model-host.js';

test('the model is told whose call it is, so that clients take turns in a worker, too', async () => {
  const calls: Call[] = [];
  const record = async <Result>(call: Call, result: Result): Promise<Result> => {
    calls.push(call);
    return result;
  };
  const none = (async function* () {})();
  const model = {
    predict: (_task: string, _inputs: unknown, _parameters: unknown, call: Call) =>
      record(call, { outputs: [], promptTokens: 0 }),
    embed: (_inputs: unknown, _options: unknown, call: Call) => record(call, { vectors: [], promptTokens: 0 }),
    tokenize: (_texts: unknown, _options: unknown, call: Call) => record(call, []),
    detokenize: (_tokenIds: unknown, _options: unknown, call: Call) => record(call, ''),
    generate: (_request: unknown, call: Call) => record(call, { promptTokens: 0, pieces: none }),
  } as unknown as ServedModel;
  const host = new ModelHost(model, () => undefined);
  const caller = (id: number) => ({ id, client: `client ${id}` });
  await host.predict(caller(0), 'text-classification', [], {});
  await host.embed(caller(1), [], {} as never);
  await host.tokenize(caller(2), [], { addSpecialTokens: true });
  await host.detokenize(caller(3), [], { skipSpecialTokens: true });
  await host.generate(caller(4), {} as never);
  expect(calls.map(({ client }) => client)).toEqual([0, 1, 2, 3, 4].map((id) => `client ${id}`));
});
