import { useState } from 'preact/hooks';
import type { Contact } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import type { Me } from '../../data/session.ts';
import { useLoad } from '../../data/use-load.ts';
import { useSending } from '../../data/use-sending.ts';
import { sayNumber } from '../../format.ts';
import { Choice } from '../../parts/choice.tsx';
import { Field } from '../../parts/field.tsx';
import { Empty, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { Refused } from '../../parts/refused.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { words } from '../../words.ts';

const { contact: text } = words;
const LONGEST_SUBJECT = 120;
const LONGEST_MESSAGE = 4_000;

function problemOf(value: string, most: number): string | undefined {
  if (value.trim() === '') return text.missing;
  return value.trim().length > most ? text.tooLong(most) : undefined;
}

function Letter({ contacts, email }: { contacts: readonly [Contact, ...Contact[]]; email: string }) {
  const [buildingId, setBuildingId] = useState(contacts[0].buildingId);
  const [subject, setSubject] = useState('');
  const [message, setMessage] = useState('');
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState(false);
  const { busy, trouble, send } = useSending();
  const chosen = contacts.find((contact) => contact.buildingId === buildingId) ?? contacts[0];
  const problems = { subject: problemOf(subject, LONGEST_SUBJECT), message: problemOf(message, LONGEST_MESSAGE) };

  const submit = async () => {
    setTried(true);
    if (problems.subject ?? problems.message) return;
    if (await send(() => api.writeToBuilding({ buildingId }, { subject, message }))) setSent(true);
  };
  const another = () => {
    setSubject('');
    setMessage('');
    setTried(false);
    setSent(false);
  };

  if (sent) {
    return (
      <div class="card form-card" role="status">
        <h2>{text.sentTitle}</h2>
        <p>
          {text.sent(chosen.building)} {text.answer(email)}
        </p>
        <p class="row">
          <button type="button" onClick={another}>
            {text.another}
          </button>
        </p>
      </div>
    );
  }
  return (
    <div class="card form-card">
      {contacts.length > 1 ? (
        <Choice
          label={text.building}
          value={String(buildingId)}
          of={contacts.map((contact) => [String(contact.buildingId), contact.building])}
          onPick={(id) => setBuildingId(Number(id))}
        />
      ) : (
        <h2>{chosen.building}</h2>
      )}
      {chosen.reachable ? (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Refused trouble={trouble} />
          <Field
            name="subject"
            label={text.subject}
            type="text"
            autoComplete="off"
            value={subject}
            problem={tried ? problems.subject : undefined}
            onInput={setSubject}
          />
          <TextArea
            name="message"
            label={text.message}
            value={message}
            problem={tried ? problems.message : undefined}
            hint={`${text.answer(email)} ${text.left(sayNumber(Math.max(0, LONGEST_MESSAGE - message.length)))}.`}
            onInput={setMessage}
          />
          <p class="row">
            <button type="submit" class="main" aria-disabled={busy}>
              {busy ? text.busy : text.submit}
            </button>
          </p>
        </form>
      ) : (
        <p class="notice">{text.nobody(chosen.building)}</p>
      )}
    </div>
  );
}

/** To the people who look after a building, by mail. */
export function ContactPage({ me }: { me: Me }) {
  const { data, trouble, reload } = useLoad('contacts', () => api.listContacts());
  if (!data) return trouble ? <TroubleNotice trouble={trouble} onAgain={reload} /> : <Loading rows={4} />;
  const [first, ...others] = data.items;
  if (!first) return <Empty title={text.none} text={text.noneText} />;
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{text.title}</h1>
          <p class="quiet-text">{text.lead}</p>
        </div>
      </div>
      <div class="narrow">
        <Letter contacts={[first, ...others]} email={me.email} />
      </div>
    </>
  );
}
