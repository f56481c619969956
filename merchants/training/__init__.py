"""Training at the till: five scenarios, judged by what was really sold; which stores are ready."""
