/** @file `--dtype` of commands that compute with a trained model: the number format of its weights. */
import { Option } from 'commander';
import { type DtypeName, dtypeHelp, dtypeNamed } from '../../models/dtypes.js';

/** The option; what it names is checked before the command begins. */
export const dtypeOption = (): Option =>
  new Option('--dtype <name>', `number format of the weights: ${dtypeHelp} (default: fp32)`).argParser(
    (name): DtypeName => {
      dtypeNamed(name);
      return name as DtypeName;
    },
  );
