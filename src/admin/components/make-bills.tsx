import { Loader, Text } from '@adminjs/design-system';
import React, { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { all, api, troubleOf, useAnswer } from './shared-api';
import { BOLD, LINK, Notice, sayDays } from './shared-bill-words';
import { Card, Field, FIELD, Problem, RunButton } from './shared-parts';

interface Days {
  month: string;
  from: string;
  to: string;
}

/** People name the last day; the API the one after it. */
function asked({ month, from, to }: Days, isMonth: boolean): { month?: string; from?: string; to?: string } {
  if (isMonth) return month ? { month } : {};
  const after = to ? new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10) : '';
  return { ...(from ? { from } : {}), ...(after ? { to: after } : {}) };
}

function Ready({ preview, buildingId }: { preview: Awaited<ReturnType<typeof api.previewBillRun>>; buildingId: number }) {
  const { problem, openRunId, issued } = preview;
  if (problem !== null) {
    return (
      <Notice tone="warning">
        <strong style={BOLD}>There can be no bills of these days yet.</strong> {problem}{' '}
        {problem.includes('no tariff') ? (
          <Link to={`/admin/resources/tariffs/actions/new-tariff?buildingId=${buildingId}`} style={LINK}>
            New tariff
          </Link>
        ) : null}
      </Notice>
    );
  }
  return (
    <Notice tone="success">
      <strong style={BOLD}>Nothing stands in the way.</strong>{' '}
      {issued > 0 ? `${issued} bills of these days are issued and stay: new ones ask only for what is different now. ` : ''}
      {openRunId === null
        ? 'The bills stay open, and nobody but you sees them, until you issue them.'
        : 'There are open bills of these days; the new ones take their place. '}
      {openRunId === null ? null : (
        <Link to={`/admin/resources/bill-runs/records/${openRunId}/show`} style={LINK}>
          See them
        </Link>
      )}
    </Notice>
  );
}

export function MakeBills() {
  const navigate = useNavigate();
  const [buildingId, setBuildingId] = useState(0);
  const [isMonth, setIsMonth] = useState(true);
  const [days, setDays] = useState<Days>({ month: '', from: '', to: '' });
  const [state, setState] = useState({ busy: false, problem: '' });
  const buildings = useAnswer('buildings', () => all((cursor) => api.listBuildings({ limit: 500, ...cursor })));
  const [first] = buildings.data ?? [];
  useEffect(() => {
    if (first) setBuildingId(first.id);
  }, [first?.id]);
  const wish = asked(days, isMonth);
  const isWhole = isMonth || (days.from !== '' && days.to !== '');
  const key = buildingId > 0 && isWhole ? JSON.stringify([buildingId, wish]) : null;
  const preview = useAnswer(key, () => api.previewBillRun({ buildingId, ...wish }));
  const { data } = preview;
  useEffect(() => {
    if (data && isMonth && days.month === '') setDays({ ...days, month: data.from.slice(0, 7) });
  }, [data?.from]);

  async function run(): Promise<void> {
    if (data === null) return;
    setState({ busy: true, problem: '' });
    try {
      const { id } = await api.runBills({ buildingId }, { from: data.from, to: data.to });
      navigate(`/admin/resources/bill-runs/records/${id}/show`);
    } catch (err) {
      setState({ busy: false, problem: troubleOf(err).sentence });
    }
  }

  if (buildings.data?.length === 0) return <Card>There is no building yet whose flats could be billed.</Card>;
  const input = (name: keyof Days, type: string, label: string) => (
    <input
      style={FIELD}
      type={type}
      aria-label={label}
      value={days[name]}
      onChange={(event) => setDays({ ...days, [name]: event.target.value })}
    />
  );
  return (
    <Card title="Bills of all flats of a building">
      <Text mb="lg">Every party of every flat gets one, also who moved in or out within these days. Nothing is sent.</Text>
      <div style={{ display: 'flex', flexWrap: 'wrap', columnGap: 32 }}>
        <Field label="Building">
          <select style={FIELD} aria-label="Building" value={buildingId} onChange={(event) => setBuildingId(Number(event.target.value))}>
            {(buildings.data ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Days">
          <select
            style={FIELD}
            aria-label="Days"
            value={isMonth ? 'month' : 'days'}
            onChange={(event) => setIsMonth(event.target.value === 'month')}
          >
            <option value="month">A billing month</option>
            <option value="days">Other days</option>
          </select>
        </Field>
        {isMonth ? (
          <Field label="Month" help="The billing month that begins in it.">
            {input('month', 'month', 'Month')}
          </Field>
        ) : (
          <>
            <Field label="First day">{input('from', 'date', 'First day')}</Field>
            <Field label="Last day">{input('to', 'date', 'Last day')}</Field>
          </>
        )}
      </div>
      {data ? <Text style={{ fontWeight: 600, marginBottom: 12 }}>{sayDays(data.from, data.to)}</Text> : null}
      {data ? <Ready preview={data} buildingId={buildingId} /> : null}
      {key !== null && !data && !preview.trouble ? <Loader /> : null}
      <Problem sentence={preview.trouble?.sentence ?? state.problem} />
      <RunButton busy={state.busy} disabled={data === null || data.problem !== null} label="Make the bills" onRun={() => void run()} />
    </Card>
  );
}
