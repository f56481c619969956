"""A reward that was chosen, before points pay a part: one of the two, never both."""

from loyalty.engine.quote import PointsOff, RewardHere, Spent
from loyalty.engine.work import Work
from okplatform.kernel.money import split


def apply(work: Work) -> None:
    """Say which rewards a member could have here, and give the one that was chosen."""
    member = work.member
    if member is None or not work.program.rewards:
        return
    for reward in work.program.rewards.values():
        if reward.cost > member.points + member.pool:
            continue
        takes = reward.takes(work.lines, work.remaining, online=work.online)
        if not takes:
            continue
        amount = sum(takes.values())
        work.rewards.append(RewardHere(reward.id, reward.text, reward.cost, amount))
        if reward.id == work.reward:
            work.spent = Spent(reward.cost, amount)
            points = split(reward.cost, list(takes.values()))
            off = {
                index: PointsOff(reward.id, reward.text, part, share, "reward")
                for (index, share), part in zip(takes.items(), points, strict=True)
            }
            work.points_off = [off.get(index) for index in range(len(work.lines))]
    for index, taken in enumerate(work.points_off):
        if taken is not None:
            work.remaining[index] -= taken.amount
            work.rooms[index] = max(work.rooms[index] - taken.amount, 0)
