// SPDX-License-Identifier: BSD-2-Clause
import java.util.List;
import javax.smartcardio.Card;
import javax.smartcardio.CardChannel;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CardTerminals;
import javax.smartcardio.CommandAPDU;
import javax.smartcardio.ResponseAPDU;
import javax.smartcardio.TerminalFactory;

/** Java's own smart card interface: lists, waits for the card, connects, transmits, resets. */
class SmartCardIO {
	static String hex(byte[] bytes) {
		StringBuilder text = new StringBuilder();
		for (byte one : bytes)
			text.append(String.format("%02X", one));
		return text.toString();
	}

	static void transmit(CardChannel channel, String name, int... command) throws CardException {
		byte[] bytes = new byte[command.length];
		for (int i = 0; i < command.length; i++)
			bytes[i] = (byte) command[i];
		ResponseAPDU answer = channel.transmit(new CommandAPDU(bytes));
		System.out.printf("%s %s %04X%n", name, hex(answer.getData()), answer.getSW());
	}

	static void useCard(Card card) throws CardException {
		CardChannel channel = card.getBasicChannel();
		System.out.println("card " + card);
		System.out.println("atr " + hex(card.getATR().getBytes()));
		System.out.println("historical " + new String(card.getATR().getHistoricalBytes()));
		System.out.println("protocol " + card.getProtocol());
		card.beginExclusive();
		transmit(channel, "select", 0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0, 0, 0, 0x79, 0x01, 0x00);
		transmit(channel, "unknown", 0x00, 0x84, 0x00, 0x00, 0x08);
		card.endExclusive();
		try {
			// Number 2047: no driver has it.
			card.transmitControlCommand(0x420007FF, new byte[0]);
			System.out.println("control answers");
		} catch (CardException refused) {
			System.out.println("control " + refused.getCause().getMessage());
		}
	}

	public static void main(String[] arguments) throws CardException {
		CardTerminals terminals = TerminalFactory.getDefault().terminals();
		List<CardTerminal> all = terminals.list();
		for (CardTerminal one : all)
			System.out.println("terminal " + one.getName() + " " + one.isCardPresent());
		CardTerminal first = all.get(0);
		System.out.println("present " + first.waitForCardPresent(0));
		System.out.println("absent " + first.waitForCardAbsent(1));
		System.out.println("change " + terminals.waitForChange(1));
		Card card = first.connect("*");
		useCard(card);
		card.disconnect(true);
		card = first.connect("T=0");
		transmit(card.getBasicChannel(), "again", 0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0, 0, 0, 0x79, 0x01, 0x00);
		card.disconnect(false);
		try {
			first.connect("T=1");
			System.out.println("connected with T=1");
		} catch (CardException refused) {
			System.out.println("T=1 " + refused.getCause().getMessage());
		}
	}
}
