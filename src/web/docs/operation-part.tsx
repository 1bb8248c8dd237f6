import { useState } from 'preact/hooks';
import { apiWords } from './api-words.ts';
import { answerOf, curlOf, exampleOf, fieldsOf, typeOf, type ApiDocument, type Field, type Operation } from './document.ts';

interface Row extends Field {
  place?: string;
}

function Fields({ caption, rows, withPlace = false }: { caption: string; rows: readonly Row[]; withPlace?: boolean }) {
  return (
    <div class="api-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="api-fields">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{apiWords.name}</th>
            {withPlace && <th scope="col">{apiWords.place}</th>}
            <th scope="col">{apiWords.type}</th>
            <th scope="col">{apiWords.meaning}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, type, required, description, place }) => (
            <tr key={`${place} ${name}`}>
              <th scope="row">
                <code>{name}</code>
                {required && <span class="api-required">{apiWords.required}</span>}
              </th>
              {withPlace && <td>{apiWords.places[place ?? ''] ?? place}</td>}
              <td lang="en" class="api-type">
                {type}
              </td>
              <td lang="en">{description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Code({ caption, text }: { caption: string; text: string }) {
  return (
    <figure class="api-code">
      <figcaption>{caption}</figcaption>
      <pre lang="en" tabIndex={0}>
        {text}
      </pre>
    </figure>
  );
}

function permissionText(operation: Operation): string {
  const { 'x-permission': permission } = operation;
  if (permission === undefined) return apiWords.everybody;
  if (permission === 'signed-in') return apiWords.signedIn;
  return permission === 'pusher' ? apiWords.pusher : permission;
}

function Permission({ operation }: { operation: Operation }) {
  const text = permissionText(operation);
  return (
    <p class="api-permission">
      {apiWords.permission}: {text === operation['x-permission'] ? <code>{text}</code> : text}
    </p>
  );
}

function Details({ document, operation }: { document: ApiDocument; operation: Operation }) {
  const { parameters = [], requestBody, responses } = operation;
  const takes = parameters.map(({ name, in: place, required = false, schema, description = '' }) => ({
    ...{ name, place, required, description, type: typeOf(document, schema) },
  }));
  const body = requestBody?.content['application/json']?.schema;
  const answers = Object.entries(responses).map(([status, answer]) => ({ status, ...answerOf(document, answer) }));
  const good = answers.find(({ status }) => status.startsWith('2'));
  const goodSchema = good?.content?.['application/json']?.schema;
  // All of them come: that one is required is for whoever sends.
  const answerFields = (goodSchema ? fieldsOf(document, goodSchema) : []).map((field) => ({ ...field, required: false }));
  return (
    <div class="api-details">
      <Permission operation={operation} />
      {takes.length > 0 && <Fields caption={apiWords.takes} rows={takes} withPlace />}
      {body && <Fields caption={apiWords.body} rows={fieldsOf(document, body)} />}
      {requestBody && !body && (
        <p>
          {apiWords.body}: {apiWords.fileBody} (<span lang="en">{Object.keys(requestBody.content).join(', ')}</span>)
        </p>
      )}
      <Code caption={apiWords.asked} text={curlOf(document, operation, location.origin)} />
      {goodSchema && <Code caption={apiWords.answered} text={JSON.stringify(exampleOf(document, goodSchema), null, 2)} />}
      {answerFields.length > 0 && <Fields caption={`${apiWords.answered}: ${good?.status}`} rows={answerFields} />}
      <h4>{apiWords.answers}</h4>
      <dl class="api-answers">
        {answers.map(({ status, description, content }) => (
          <div key={status}>
            <dt>{status}</dt>
            <dd>
              <span lang="en">{description}</span>
              {status.startsWith('2') && <span class="quiet-text"> {content ? Object.keys(content).join(', ') : apiWords.empty}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** One operation: its line, and all of it once it is opened. */
export function OperationPart({ document, operation, isOpen }: { document: ApiDocument; operation: Operation; isOpen: boolean }) {
  const [open, setOpen] = useState(isOpen);
  const { method, path, summary, operationId } = operation;
  return (
    <details class="api-operation" id={operationId} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class={`api-method api-${method.toLowerCase()}`}>{method}</span>
        <code class="api-path">{path}</code>
        <span class="api-summary" lang="en">
          {summary}
        </span>
      </summary>
      {open && <Details document={document} operation={operation} />}
    </details>
  );
}
