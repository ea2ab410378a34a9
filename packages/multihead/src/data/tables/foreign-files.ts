/** @file Files that are no tables but are often given as such: workbooks, archives, documents. What to do about each. */

/** What a file is, and how a table comes of it. */
interface ForeignFile {
  readonly what: string;
  readonly advice: string;
  readonly endings: readonly string[];
  /** The bytes that it begins with, as Latin-1; undefined where they do not tell. */
  readonly begins?: string;
}

const saveAsCsv = 'Save the sheet as CSV (UTF-8) and give that file';
const unpack = 'Unpack it and give the file inside';

const foreignFiles: readonly ForeignFile[] = [
  { what: 'an Excel workbook', advice: saveAsCsv, endings: ['xlsx', 'xlsm', 'xlsb'] },
  { what: 'an Excel workbook', advice: saveAsCsv, endings: ['xls'], begins: '\xd0\xcf\x11\xe0' },
  { what: 'a spreadsheet', advice: saveAsCsv, endings: ['ods', 'numbers'] },
  {
    what: 'a ZIP archive or a workbook',
    advice: `${unpack}, or save the sheet as CSV (UTF-8)`,
    endings: [],
    begins: 'PK\x03\x04',
  },
  { what: 'an archive', advice: unpack, endings: ['zip', '7z', 'rar', 'tar', 'tgz'] },
  { what: 'a file packed with Zstandard', advice: unpack, endings: ['zst'], begins: '\x28\xb5\x2f\xfd' },
  { what: 'a file packed with bzip2', advice: unpack, endings: ['bz2'], begins: 'BZh' },
  { what: 'a file packed with xz', advice: unpack, endings: ['xz'], begins: '\xfd7zXZ' },
  {
    what: 'a file packed with gzip',
    advice: 'Add .gz to its name, as in train.csv.gz',
    endings: [],
    begins: '\x1f\x8b',
  },
  { what: 'a PDF document', advice: 'Copy its texts into a CSV file', endings: ['pdf'], begins: '%PDF-' },
  { what: 'a text document', advice: 'Copy its texts into a CSV file', endings: ['doc', 'docx', 'odt', 'rtf'] },
  { what: 'a Parquet file', advice: 'Its name must end in .parquet', endings: [], begins: 'PAR1' },
  {
    what: 'an Arrow file',
    advice: "Convert it to Parquet, in Python with dataset.to_parquet('train.parquet')",
    endings: ['arrow', 'feather'],
    begins: 'ARROW1',
  },
  {
    what: 'a pickle, which can run code when it is read',
    advice: "Convert it to CSV, in Python with pandas.read_pickle(path).to_csv('train.csv', index=False)",
    endings: ['pkl', 'pickle'],
  },
  {
    what: 'a database',
    advice: 'Export the table as CSV',
    endings: ['db', 'sqlite', 'sqlite3'],
    begins: 'SQLite format 3',
  },
];

const told = ({ what, advice }: ForeignFile): string => `is ${what}, not a table. ${advice}`;

/**
 * What a file's ending says of it, undefined where it is none of these.
 *
 * @param ending in lower case, without a dot
 * @example
 * foreignByEnding('xlsx')   // 'is an Excel workbook, not a table. Save the sheet as CSV (UTF-8) and give that file'
 */
export function foreignByEnding(ending: string): string | undefined {
  const file = foreignFiles.find(({ endings }) => endings.includes(ending));
  return file && told(file);
}

/** What a file's first bytes say of it, whatever its name; undefined where it is none of these. */
export function foreignByBytes(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const file = foreignFiles.find(({ begins }) => begins !== undefined && start.startsWith(begins));
  return file && told(file);
}
