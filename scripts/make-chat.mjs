// Makes src/generated/chat.ts (service and messages, for Connect) and src/generated/chat-client.ts (for the page) out of
// proto/. `node scripts/make-chat.mjs`. Knows what chat.proto uses: messages, lists, one-ofs, timestamps, no enums.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { base64Encode } from '@bufbuild/protobuf/wire';
import { FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import protobuf from 'protobufjs';
import { main, ROOT } from './step.mjs';

const SOURCE = 'wattbook/chat/v1/chat.proto';
const TIMESTAMP = 'google.protobuf.Timestamp';
const SCALARS = { uint32: 'number', bool: 'boolean', string: 'string' };
const TYPES = { uint32: FieldDescriptorProto_Type.UINT32, bool: FieldDescriptorProto_Type.BOOL, string: FieldDescriptorProto_Type.STRING };
const lower = (name) => name[0].toLowerCase() + name.slice(1);
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

function readService() {
  const text = readFileSync(join(ROOT, 'proto', SOURCE), 'utf8');
  const { root, package: packageName } = protobuf.parse(text, { keepCase: true });
  const things = root.lookup(packageName).nestedArray;
  const messages = things.filter((thing) => thing instanceof protobuf.Type);
  const [service, ...more] = things.filter((thing) => thing instanceof protobuf.Service);
  if (more.length > 0 || messages.length + 1 !== things.length) throw new Error(`${SOURCE}: one service and messages, nothing else`);
  const names = new Set(messages.map((message) => message.name));
  for (const { fieldsArray } of messages) {
    for (const field of fieldsArray) {
      if (!(field.type in SCALARS) && field.type !== TIMESTAMP && !names.has(field.type)) throw new Error(`unknown type ${field.type}`);
    }
  }
  return { packageName, messages, service, methods: service.methodsArray };
}

function describe({ packageName, messages, service, methods }) {
  const full = (name) => (name === TIMESTAMP ? `.${TIMESTAMP}` : `.${packageName}.${name}`);
  const field = (message) => (one) => ({
    name: one.name,
    number: one.id,
    label: one.repeated ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
    ...(one.type in TYPES ? { type: TYPES[one.type] } : { type: FieldDescriptorProto_Type.MESSAGE, typeName: full(one.type) }),
    ...(one.partOf ? { oneofIndex: message.oneofsArray.indexOf(one.partOf) } : {}),
  });
  const file = create(FileDescriptorProtoSchema, {
    name: SOURCE,
    package: packageName,
    syntax: 'proto3',
    dependency: ['google/protobuf/timestamp.proto'],
    messageType: messages.map((message) => ({
      name: message.name,
      field: message.fieldsArray.map(field(message)),
      oneofDecl: message.oneofsArray.map(({ name }) => ({ name })),
    })),
    service: [
      {
        name: service.name,
        method: methods.map(({ name, requestType, responseType, responseStream }) => ({
          name,
          inputType: full(requestType),
          outputType: full(responseType),
          serverStreaming: responseStream === true,
        })),
      },
    ],
  });
  return base64Encode(toBinary(FileDescriptorProtoSchema, file));
}

/** How TypeScript says a field; `timestamp` is its type of a moment. */
function typesWith(timestamp) {
  const plain = ({ type }) => SCALARS[type] ?? (type === TIMESTAMP ? timestamp : type);
  const member = (one) => {
    if (one.repeated) return `${camel(one.name)}: ${plain(one)}[]`;
    return `${camel(one.name)}${one.type in SCALARS ? '' : '?'}: ${plain(one)}`;
  };
  return { plain, member };
}

const HEAD = `// Made by scripts/make-chat.mjs from proto/${SOURCE}: do not edit.\n`;

function writeMessages(chat) {
  const { packageName, messages, service, methods } = chat;
  const { plain, member } = typesWith('Timestamp');
  const choice = (oneof) =>
    `${camel(oneof.name)}: ${oneof.fieldsArray.map((one) => `{ case: '${camel(one.name)}'; value: ${plain(one)} }`).join(' | ')} | { case: undefined; value?: undefined }`;
  const typeOf = (message) =>
    [...message.fieldsArray.filter((one) => !one.partOf).map(member), ...message.oneofsArray.map(choice)].join('; ');
  return [
    HEAD,
    "import type { Message as ProtobufMessage } from '@bufbuild/protobuf';",
    "import { fileDesc, messageDesc, serviceDesc, type GenFile, type GenMessage, type GenService } from '@bufbuild/protobuf/codegenv2';",
    "import { file_google_protobuf_timestamp, type Timestamp } from '@bufbuild/protobuf/wkt';",
    '',
    `const file: GenFile = fileDesc('${describe(chat)}', [file_google_protobuf_timestamp]);`,
    '',
    ...messages.map((message, index) =>
      [
        `export type ${message.name} = ProtobufMessage<'${packageName}.${message.name}'> & { ${typeOf(message)} };`,
        `export const ${message.name}Schema: GenMessage<${message.name}> = messageDesc(file, ${index});`,
      ].join('\n'),
    ),
    '',
    `export const ${service.name}: GenService<{`,
    ...methods.map(
      ({ name, requestType, responseType, responseStream }) =>
        `  ${lower(name)}: { methodKind: '${responseStream ? 'server_streaming' : 'unary'}'; input: typeof ${requestType}Schema; output: typeof ${responseType}Schema };`,
    ),
    '}> = serviceDesc(file, 0);',
    '',
  ].join('\n');
}

const CLIENT = `
async function problemOf(response: Response): Promise<ApiProblem> {
  const said = (await response.json().catch(() => ({}))) as { code?: string; message?: string; detail?: string };
  const detail = said.message ?? said.detail ?? \`The server answered \${response.status}.\`;
  const retryAfter = response.headers.get('Retry-After');
  const problem = { type: said.code ?? 'about:blank', title: response.statusText, status: response.status, detail };
  return new ApiProblem(problem, retryAfter === null ? null : Number(retryAfter));
}

/** \`request\` adds what proves the session. */
export function makeChatClient(request: (address: string, body: string) => Promise<Response>) {
  async function call<Answer>(method: string, input: object): Promise<Answer> {
    const response = await request(\`/rpc/SERVICE/\${method}\`, JSON.stringify(input));
    if (!response.ok) throw await problemOf(response);
    return (await response.json()) as Answer;
  }
  return {
METHODS
  };
}
`;

function writeClient({ packageName, messages, service, methods }) {
  const { member } = typesWith('string');
  const calls = methods.filter(({ responseStream }) => !responseStream);
  return [
    HEAD,
    "import { ApiProblem } from './api-client.ts';",
    '',
    ...messages.map(
      ({ name, fieldsArray }) =>
        `export type ${name} = ${fieldsArray.length === 0 ? 'Record<string, never>' : `{ ${fieldsArray.map(member).join('; ')} }`};`,
    ),
    CLIENT.replace('SERVICE', `${packageName}.${service.name}`).replace(
      'METHODS',
      calls
        .map(
          ({ name, requestType, responseType }) =>
            `    ${lower(name)}: (input: Partial<${requestType}>) => call<${responseType}>('${name}', input),`,
        )
        .join('\n'),
    ),
  ].join('\n');
}

await main(async () => {
  const chat = readService();
  mkdirSync(join(ROOT, 'src', 'generated'), { recursive: true });
  writeFileSync(join(ROOT, 'src', 'generated', 'chat.ts'), writeMessages(chat));
  writeFileSync(join(ROOT, 'src', 'generated', 'chat-client.ts'), writeClient(chat));
});
