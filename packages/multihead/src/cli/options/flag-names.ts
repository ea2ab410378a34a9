/**
 * @file Other spellings of the flags: Hugging Face Transformers' names (`--num-train-epochs`) and Python's underscores
 * (`--num_train_epochs`). They set the same options, are read in `--config-file` too, and do not show in the help.
 */
import { type Command, Option } from 'commander';

/**
 * Names in Transformers' TrainingArguments and its example scripts, with the flag that does the same here. Where several
 * are listed, the first that the command has.
 */
const transformersNames: Readonly<Record<string, readonly string[]>> = {
  'num-train-epochs': ['epochs'],
  'per-device-train-batch-size': ['batch-size'],
  'per-device-eval-batch-size': ['eval-batch-size', 'batch-size'],
  'output-dir': ['output'],
  'overwrite-output-dir': ['overwrite'],
  'model-name-or-path': ['model'],
  'config-name': ['config'],
  'tokenizer-name': ['tokenizer'],
  'train-file': ['train', 'corpus'],
  'validation-file': ['eval', 'validation-corpus'],
  'test-file': ['data'],
  'max-seq-length': ['max-length', 'block-size'],
  'label-smoothing-factor': ['label-smoothing'],
  'evaluation-strategy': ['eval-strategy'],
  'doc-stride': ['stride'],
  'n-best-size': ['n-best'],
  'text-column-name': ['text', 'text-field'],
  'text-column-names': ['text', 'text-field'],
  'label-column-name': ['label'],
  'question-column-name': ['question'],
  'context-column-name': ['context'],
  'answer-column-name': ['answers'],
  'lora-r': ['lora-rank'],
  'target-modules': ['lora-target-modules'],
  'modules-to-save': ['lora-modules-to-save'],
  'rank-pattern': ['lora-rank-pattern'],
  'alpha-pattern': ['lora-alpha-pattern'],
  'preprocessing-num-workers': ['workers'],
};

/** A flag that sets the option of another. */
class OtherSpelling extends Option {
  constructor(
    name: string,
    private readonly target: Option,
  ) {
    super(target.flags.replace(target.long as string, `--${name}`), target.description);
    if (target.parseArg) this.argParser(target.parseArg);
    this.hideHelp();
  }

  override attributeName(): string {
    return this.target.attributeName();
  }
}

/** Adds the other spellings to a command and its subcommands, whose own flags are unchanged. */
export function addOtherSpellings(command: Command): void {
  for (const subcommand of command.commands) addOtherSpellings(subcommand);
  const own = command.options.filter(({ long }) => long);
  const add = (name: string, target: Option) => {
    if (!command.options.some(({ long }) => long === `--${name}`)) command.addOption(new OtherSpelling(name, target));
  };
  for (const [name, flags] of Object.entries(transformersNames)) {
    const target = flags.flatMap((flag) => own.find(({ long }) => long === `--${flag}`) ?? [])[0];
    if (!target) continue;
    add(name, target);
    add(name.replaceAll('-', '_'), target);
  }
  for (const option of own) {
    const name = (option.long as string).slice(2);
    if (name.includes('-') && !option.negate) add(name.replaceAll('-', '_'), option);
  }
}

/** A name with hyphens or underscores in camelCase. */
export const camelCase = (name: string): string =>
  name.replace(/[-_]([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The option that a key of `--config-file` names: a flag in any spelling, or in camelCase. */
export function optionByKey(command: Command, key: string): Option | undefined {
  const isMeant = (option: Option) =>
    camelCase(option.name().replace(/^no-/, '')) === camelCase(key) || option.attributeName() === camelCase(key);
  const found = command.options.find(isMeant);
  // A flag and its --no- share an option; values are read by the flag.
  return found && (command.options.find((each) => each.attributeName() === found.attributeName()) ?? found);
}

/** The flags that help shows. */
export const shownFlags = (command: Command): string[] =>
  command.options.filter(({ hidden }) => !hidden).map((option) => option.name());

/** The command that runs. */
let called: Command | undefined;

/** Lets errors of a program's commands name their flags. */
export function heedCalledCommand(program: Command): void {
  called = undefined;
  program.hook('preAction', (_, command) => {
    called = command;
  });
}

/** The command that runs; undefined in a process that none was typed for, such as that of a trial. */
export const runningCommand = (): Command | undefined => called;

/** Options of the library that a command has under another name and without a schema. */
const otherOptionNames: Readonly<Record<string, string>> = { sources: 'corpus', validationSources: 'validationCorpus' };

/** The flags of a command by the names of the options that they set, here and in the library. */
function flagsOf(command: Command): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (const option of command.options.filter(({ hidden }) => !hidden)) {
    const flag = option.negate ? `--${option.name().replace(/^no-/, '')}` : `--${option.name()}`;
    const { declaredAs } = option as { readonly declaredAs?: string };
    for (const name of [option.attributeName(), declaredAs ?? '']) if (!flags.has(name)) flags.set(name, flag);
  }
  for (const [name, own] of Object.entries(otherOptionNames)) {
    const flag = flags.get(own);
    if (flag !== undefined) flags.set(name, flag);
  }
  return flags;
}

/**
 * A message of the library, which names options, as the command line says it, by the command's flags: `saveSteps must say how many`
 * becomes `--save-steps must say how many`, and an option in backticks, perhaps with a value (`header: false`, `overflow: 'slide'`),
 * what is to be typed (`--no-header`, `--overflow slide`).
 */
export function inFlags(message: string, command = called): string {
  if (!command) return message;
  const flags = flagsOf(command);
  const code = /`([a-z]\w*)(?:: ([^`]+))?`/g;
  const word = /(?<=^|[\s(;,:])([a-z][A-Za-z0-9]*)(?:\.([a-z]\w*))?(?=[\s,;:)]|\.?$)/g;
  return message
    .replaceAll(code, (all, name: string, value: string | undefined) => {
      const flag = flags.get(name);
      return flag === undefined ? all : typed(flag, value);
    })
    .replaceAll(word, (all, name: string, setting: string | undefined, at: number) => {
      if (setting !== undefined) {
        const own = /[A-Z]/.test(setting) ? flags.get(setting) : undefined;
        const isJson = /[A-Z]/.test(name) && flags.has(name) && message.startsWith(' is ', at + all.length);
        const json = isJson ? `${flags.get(name)} ${setting}` : undefined; // --pruner-options '{"minResource": 0}'
        return flags.get(camelCase(`${name}-${setting}`)) ?? own ?? json ?? all;
      }
      // A name that is also a word is one where the message begins with it: "seed is 0.5".
      const isName = /[A-Z]/.test(name) || (at === 0 && message.startsWith(' is ', name.length));
      return (isName ? flags.get(name) : undefined) ?? all;
    });
}

/** A flag with a value that is written as in TypeScript; texts of a list have commas between them. */
function typed(flag: string, value: string | undefined): string {
  if (value === undefined || value === 'true') return flag;
  if (value === 'false') return flag.replace('--', '--no-');
  const list = /^\['(.*)'\]$/.exec(value)?.[1]?.split(/', *'/).join(',');
  return `${flag} ${(list === undefined ? value : `'${list}'`).replace(/^'([^'"\s]+)'$/, '$1')}`;
}
