import { describe, expect, test } from 'vitest';
import { optimizerChoice } from './optimizer-options.js';
import { trainingOptions } from './options.js';

describe('the optimizer of a run', () => {
  test("goes by its own name, whatever Transformers' name for it was, with its arguments in the schema's order", () => {
    expect(trainingOptions({ optim: 'lion_32bit' })).toMatchObject({ optim: 'lion', optimArgs: {} });
    const optimArgs = { nesterov: true, momentum: 0.9 };
    expect(Object.keys(trainingOptions({ optim: 'sgd', optimArgs }).optimArgs)).toEqual(['momentum', 'nesterov']);
  });

  test("AdamW's settings are those of TrainingArguments, or its own", () => {
    const { settings } = optimizerChoice(trainingOptions({ adamBeta1: 0.8, optimArgs: { epsilon: 1e-6 } }));
    expect(settings).toEqual({ beta1: 0.8, beta2: 0.999, epsilon: 1e-6 });
  });

  test.each([
    [
      { optim: 'adafctor' },
      /optim is adafctor; it must be one of adamw, adafactor, lion, sgd\. Did you mean adafactor\?/,
    ],
    [{ optim: 'lion', adamBeta1: 0.8 }, /adamBeta1 is 0.8, but it is a setting of adamw and optim is lion; its own is/],
    [{ adamBeta1: 0.8, optimArgs: { beta1: 0.7 } }, /adamBeta1 and optimArgs.beta1 are one/],
    [
      { optim: 'sgd', optimArgs: { momentun: 0.9 } },
      /optimArgs of sgd: there is no option "momentun".*Did you mean momentum\?/,
    ],
    [{ optim: 'sgd', optimArgs: { momentum: 1.5 } }, /momentum is 1.5; it must be a number from 0 to below 1/],
    [{ optim: 'sgd', optimArgs: { nesterov: 1 } }, /nesterov is 1; it must be true or false/],
    [{ optim: 'sgd', optimArgs: { nesterov: true } }, /nesterov needs a momentum above 0/],
    [{ optim: 'adafactor', optimArgs: { warmupInit: true } }, /warmupInit needs relativeStep/],
    [
      { optim: 'adafactor', optimArgs: { relativeStep: true }, learningRate: 1e-3 },
      /learningRate is given, but adafactor chooses its learning rate itself/,
    ],
  ] as const)('%o is refused', (given, message) => expect(() => trainingOptions(given)).toThrow(message));
});
