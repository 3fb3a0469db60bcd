import type { ReceivedEvent } from '@bastionary/contracts/usage';
import { Command } from '../../../ui/command';
import { Facts } from '../../../ui/facts';

/** What was sent, by whom, and what it was taken for. */
export const EventDetail = ({ event }: { event: ReceivedEvent }) => {
  const { subject, client_id: client, sent_by: sender, recorded_at: recorded, data } = event;
  return (
    <div>
      <Facts
        facts={[
          ['Subject, as it was sent', subject ?? 'none: that of the sender'],
          ...(client
            ? ([['Client that it named', <code key="client">{client}</code>]] as [string, React.ReactNode][])
            : []),
          ['Sent by', sender],
          ['Came at', recorded],
        ]}
      />
      {data && <Command label="Data of the event" command={JSON.stringify(data, null, 2)} />}
    </div>
  );
};
