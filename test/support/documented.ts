import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { HttpAnswer } from '../../bench/fuzz/ask.ts';
import type { ApiDocument, Operation, Schema } from '../../bench/fuzz/operations.ts';

/** Judges answers by the document; null is right. */
export function makeJudge(document: ApiDocument): (operation: Operation, answer: HttpAnswer) => string | null {
  const ajv = new Ajv2020({ strict: false, formats: { ...fullFormats, binary: true } });
  ajv.addSchema(document, 'document');
  const known = new Map<Schema, ValidateFunction>();
  const validatorOf = (schema: Schema) => {
    const found = known.get(schema) ?? ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as Schema);
    known.set(schema, found);
    return found;
  };
  return (operation, { status, headers, body }) => {
    const documented = operation.answers.get(status);
    if (documented === undefined) return `${status} is not documented: ${body.toString().slice(0, 300)}`;
    const type = headers['content-type']?.split(';')[0] ?? '';
    if (documented.size === 0) return body.length === 0 ? null : `${status} should be empty: ${body.toString().slice(0, 300)}`;
    const schema = documented.get(type);
    if (schema === undefined) return `${status} as ${type || 'nothing'} is not documented`;
    if (!/[/+]json$/.test(type)) return null;
    const validate = validatorOf(schema);
    if (validate(JSON.parse(body.toString()))) return null;
    return `${status} does not fit: ${ajv.errorsText(validate.errors)}: ${body.toString().slice(0, 300)}`;
  };
}
