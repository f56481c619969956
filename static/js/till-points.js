// The buttons of what points could buy here: a part of the price, or a reward.

export function drawPoints(box, answer, { buys, choose, money, icon }) {
  const spent = answer?.points_spent;
  const names = answer?.member?.points_name ?? "";
  const made = [];
  const button = (text, isOn, next) => {
    const one = Object.assign(document.createElement("button"), { type: "button", className: "button button-plain" });
    const said = document.createElement("span");
    said.textContent = text;
    one.append(icon.content.cloneNode(true), said);
    one.setAttribute("aria-pressed", String(isOn));
    if (next) one.addEventListener("click", () => choose(next));
    else one.disabled = true;
    made.push(one);
  };
  const worth = ({ points, amount }) => `${points} ${names} − ${money(amount)}`;
  if (spent && !buys.points && !buys.reward) {
    button(worth(spent), true, null); // chosen on the phone: that is the customer's own
  } else if (answer) {
    const most = buys.points ? spent : answer.points_spendable;
    if (most) button(worth(most), Boolean(buys.points), buys.points ? {} : { points: "max" });
    for (const one of answer.rewards) {
      const isOn = buys.reward === one.reward;
      button(`${one.text} · ${worth(one)}`, isOn, isOn ? {} : { reward: one.reward });
    }
  }
  box.hidden = !made.length;
  box.replaceChildren(...made);
}
